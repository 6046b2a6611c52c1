import { Field, ID, ObjectType, type ClassType } from 'type-graphql';
import { UserError } from './user-error';

/** What every mutation answers: what it made, or why it refused. */
@ObjectType()
class Payload {
  @Field(() => [UserError], { description: 'Why it was refused; empty when it was done.' })
  userErrors: UserError[];
}

/** A payload with the object that was changed under its own name. */
export function payloadType(
  name: string,
  field: string,
  Changed: ClassType | Function | typeof ID,
  description: string,
): ClassType {
  @ObjectType(`${name}Payload`, {
    simpleResolvers: true,
    description: `What \`${name[0]?.toLowerCase()}${name.slice(1)}\` answers.`,
  })
  class ConcretePayload extends Payload {}
  Field(() => Changed, { nullable: true, description })(ConcretePayload.prototype, field);
  return ConcretePayload;
}

/** A payload of a deletion. */
export function deletePayloadType(name: string): ClassType {
  return payloadType(name, 'deletedId', ID, 'The id that was deleted.');
}

@ObjectType({ simpleResolvers: true, description: 'What deleting a component answers.' })
export class DeleteComponentPayload extends Payload {
  @Field(() => ID, { nullable: true, description: 'The id that was deleted.' })
  deletedId: string | null;
}

export { Payload };
