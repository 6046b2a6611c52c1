import { Field, ID, InputType } from 'type-graphql';
import { EulaRevision } from '../../../entities/marketplace/eula';
import { payloadType } from '../payload';

const payload = (name: string, description: string) =>
  payloadType(name, 'eulaRevision', EulaRevision, description);

export const CreateEulaPayload = payload('CreateEula', 'Its first text, revision 1.');
export const ReviseEulaPayload = payload('ReviseEula', 'Its newest text.');
export const ArchiveEulaPayload = payload('ArchiveEula', 'The text that was named, now archived.');

@InputType({ description: 'A new licence agreement (EULA).' })
export class CreateEulaInput {
  @Field(() => String, { description: 'Name, at most 50 characters.' })
  name: string;

  @Field(() => String, { description: 'Text, at most 500,000 characters.' })
  text: string;
}

@InputType({ description: 'The next text of a licence agreement.' })
export class ReviseEulaInput {
  @Field(() => ID, { description: 'Any revision of the agreement.' })
  id: string;

  @Field(() => String, { description: 'Text, at most 500,000 characters.' })
  text: string;
}

@InputType({ description: 'A licence agreement to archive.' })
export class ArchiveEulaInput {
  @Field(() => ID, { description: 'Any revision of the agreement.' })
  id: string;
}
