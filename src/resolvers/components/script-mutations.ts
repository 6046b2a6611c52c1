import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';
import type { ScriptPhase } from '../../domain/versioning/component-content';
import { keyOf } from '../../domain/global-id';
import { ServerTemplate } from '../../entities/components/server-template';
import type { RequestContext } from '../../loaders/request-context';
import { attachScript } from '../../services/components/attach-script';
import { detachScript } from '../../services/components/detach-script';
import { moveScript } from '../../services/components/move-script';
import { repinScript } from '../../services/components/repin-script';
import { mutate } from '../mutate';
import { payloadType } from '../types/payload';
import {
  AttachScriptInput,
  DetachScriptInput,
  MoveScriptInput,
  RepinScriptInput,
} from '../types/components/script-inputs';

const payload = (name: string) => payloadType(name, 'serverTemplate', ServerTemplate, 'The ServerTemplate.');

const AttachScriptPayload = payload('AttachScript');
const MoveScriptPayload = payload('MoveScript');
const DetachScriptPayload = payload('DetachScript');
const RepinScriptPayload = payload('RepinScript');

/** What a ServerTemplate runs in its phases. */
@Resolver()
export class ScriptMutations {
  @Authorized('DESIGNER')
  @Mutation(() => AttachScriptPayload, {
    description: 'Attaches a RightScript to a phase of a ServerTemplate (R-5.4).',
  })
  attachScript(
    @Arg('input', () => AttachScriptInput, { description: 'The RightScript.' }) input: AttachScriptInput,
    @Ctx() context: RequestContext,
  ) {
    return change(context, () =>
      attachScript(context, {
        ...editOf(input),
        rightScriptId: scriptKey(input, 'rightScriptId'),
        position: input.position ?? null,
      }),
    );
  }

  @Authorized('DESIGNER')
  @Mutation(() => MoveScriptPayload, {
    description: 'Gives a RightScript another place in its phase; the order of the others stays (R-5.4).',
  })
  moveScript(
    @Arg('input', () => MoveScriptInput, { description: 'The RightScript.' }) input: MoveScriptInput,
    @Ctx() context: RequestContext,
  ) {
    return change(context, () =>
      moveScript(context, {
        ...editOf(input),
        rightScriptId: scriptKey(input, 'rightScriptId'),
        position: input.position,
      }),
    );
  }

  @Authorized('DESIGNER')
  @Mutation(() => DetachScriptPayload, {
    description: 'Takes a RightScript from a phase of a ServerTemplate (R-5.4).',
  })
  detachScript(
    @Arg('input', () => DetachScriptInput, { description: 'The RightScript.' }) input: DetachScriptInput,
    @Ctx() context: RequestContext,
  ) {
    return change(context, () =>
      detachScript(context, { ...editOf(input), rightScriptId: scriptKey(input, 'rightScriptId') }),
    );
  }

  @Authorized('DESIGNER')
  @Mutation(() => RepinScriptPayload, {
    description: 'Moves a pin in a phase to another version of the same RightScript (R-5.4).',
  })
  repinScript(
    @Arg('input', () => RepinScriptInput, { description: 'The pin.' }) input: RepinScriptInput,
    @Ctx() context: RequestContext,
  ) {
    return change(context, () =>
      repinScript(context, {
        ...editOf(input),
        fromId: scriptKey(input, 'fromId'),
        toId: scriptKey(input, 'toId'),
      }),
    );
  }
}

const change = (context: RequestContext, act: () => Promise<string>) =>
  mutate(context, act, async (key) => ({
    serverTemplate: await context.loaders.serverTemplates.byId.load(key),
  }));

function editOf({
  serverTemplateId,
  expectedVersion,
  phase,
}: {
  serverTemplateId: string;
  expectedVersion: number;
  phase: ScriptPhase;
}) {
  return {
    serverTemplateId: keyOf('ServerTemplate', serverTemplateId, 'input', 'serverTemplateId'),
    expectedVersion,
    phase,
  };
}

const scriptKey = <F extends string>(input: Record<F, string>, field: F): string =>
  keyOf('RightScript', input[field], 'input', field);
