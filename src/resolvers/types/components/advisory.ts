import { Field, ObjectType } from 'type-graphql';
import type { AdvisoryCode, Severity } from '../../../domain/advisories/advisory';
import { AdvisoryCode as AdvisoryCodeEnum, Severity as SeverityEnum } from '../../../entities/enums';

@ObjectType({
  simpleResolvers: true,
  description: 'Something worth knowing about a component or a launch (section 11).',
})
export class Advisory {
  @Field(() => AdvisoryCodeEnum, { description: 'What it is about.' })
  code: AdvisoryCode;

  @Field(() => SeverityEnum, { description: 'How serious it is.' })
  severity: Severity;

  @Field(() => String, { description: 'For people: what is the matter and what to do.' })
  message: string;
}
