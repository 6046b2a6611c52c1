import { Arg, Authorized, Ctx, Directive, Mutation, Resolver } from 'type-graphql';
import { optionalKeyOf } from '../../domain/global-id';
import { Instance } from '../../entities/servers/instance';
import type { AnonymousContext, RequestContext } from '../../loaders/request-context';
import { ownById } from '../../persistence/node-store';
import { enrolInstance } from '../../services/servers/enrol-instance';
import { reportInstance } from '../../services/servers/report-instance';
import { ITSELF } from '../authorization';
import { mutate } from '../mutate';
import {
  EnrolInstanceInput,
  EnrolInstancePayload,
  ReportInstanceInput,
} from '../types/servers/launch-order-inputs';
import { payloadType } from '../types/payload';

const ReportInstancePayload = payloadType(
  'ReportInstance',
  'instance',
  Instance,
  'The instance. With its own credential only its plain fields are read.',
);

@Resolver()
export class EnrolmentMutations {
  /** The only field that needs no credentials: a new machine has none. Its token is proof enough. */
  @Directive('@tag(name: "infrastructure")')
  @Mutation(() => EnrolInstancePayload, {
    description:
      'Called by a new machine, without any other credentials: exchanges its enrolment token for a credential that acts for this one instance (R-8.9). A token that is unknown, spent or expired is NOT_FOUND.',
  })
  enrolInstance(
    @Arg('input', () => EnrolInstanceInput, { description: 'The token, and the machine.' })
    input: EnrolInstanceInput,
    @Ctx() context: RequestContext | AnonymousContext,
  ) {
    return mutate(
      context,
      () => enrolInstance(context, input),
      (enrolled) => enrolled,
    );
  }

  @Authorized('INFRASTRUCTURE', ITSELF)
  @Directive('@tag(name: "infrastructure")')
  @Mutation(() => ReportInstancePayload, {
    description:
      'Tells what a machine is doing (R-8.9): INFRASTRUCTURE of any instance of the account, a machine, by the credential of its instance, of itself. What is known already changes nothing.',
  })
  reportInstance(
    @Arg('input', () => ReportInstanceInput, { description: 'The instance, and its state.' })
    { instanceId, state, resourceUid, reason }: ReportInstanceInput,
    @Ctx() context: RequestContext,
  ) {
    const act = async () =>
      reportInstance(context, {
        instanceId: optionalKeyOf('Instance', instanceId, 'input', 'instanceId') ?? null,
        state,
        resourceUid: resourceUid ?? null,
        reason: reason ?? null,
      });
    return mutate(context, act, async (key) => ({ instance: await readInstance(context, key) }));
  }
}

/** Without loaders: the credential of an instance has none. */
async function readInstance({ dataSource, viewer }: RequestContext, key: string) {
  const [row] = await ownById(dataSource.manager, Instance, viewer, [key]);
  return row ?? null;
}
