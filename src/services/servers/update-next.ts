import { invalid } from '../../domain/errors';
import { toGlobalId } from '../../domain/global-id';
import {
  changedChoices,
  describeChoices,
  planChoices,
  type ChoiceChanges,
} from '../../domain/servers/choices';
import type { ServerType } from '../../domain/servers/defined-type';
import type { ActionContext } from '../../persistence/unit-of-work';
import { checkNext } from './check-next';
import { columnEdit, editDefined, type DefinedTarget } from '../edit-defined';
import { LAYERS } from './new-definition';

export interface UpdateNext extends DefinedTarget {
  /** Any version of any template; left out: it stays. */
  readonly serverTemplateId?: string | null;
  readonly choices: ChoiceChanges;
}

/** Changes how the next launch will look; what runs is not touched. @returns the key of the server or array */
export function updateNext(context: ActionContext, type: ServerType, input: UpdateNext): Promise<string> {
  if (input.serverTemplateId === null)
    throw invalid(
      '`serverTemplateId` can not be null: leave it out to keep the ServerTemplate, or name another one.',
      'input',
      'serverTemplateId',
    );
  const { serverTemplateId: wantedTemplate, choices: changes } = input;
  return editDefined(context, type, input, async (tx, row) => {
    const serverTemplateId = wantedTemplate ?? row.serverTemplateId;
    const templateChanges = serverTemplateId !== row.serverTemplateId;
    const choices = planChoices(row, changes);
    const changed = changedChoices(row, choices);
    await checkNext(tx, {
      source: LAYERS[type],
      cloudId: row.cloudId,
      serverTemplateId,
      choices,
      changes,
      templateChanges,
      multiCloudImageChanges: changed.multiCloudImageId !== undefined,
    });
    const { none, ...others } = changed;
    const columns = {
      ...others,
      ...(none !== undefined && { none: [...none] }),
      ...(templateChanges && { serverTemplateId }),
    };
    return columnEdit<ServerType>(row, 'updateNext', columns, describeNext);
  });
}

function describeNext(columns: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { serverTemplateId, ...choices } = columns;
  return {
    ...describeChoices(choices),
    ...(typeof serverTemplateId === 'string' && {
      serverTemplateId: toGlobalId('ServerTemplate', serverTemplateId),
    }),
  };
}
