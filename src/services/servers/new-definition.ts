import { toGlobalId } from '../../domain/global-id';
import { NO_CHOICES } from '../../domain/launch/chosen-keys';
import {
  changedChoices,
  describeChoices,
  planChoices,
  type ChoiceChanges,
} from '../../domain/servers/choices';
import type { ServerType } from '../../domain/servers/defined-type';
import { checkNewComponent, type NewComponentFields } from '../../domain/versioning/component-input';
import type { NewDefined } from '../../persistence/servers/server-store';
import type { Transaction } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';
import { checkNext, type PlannedNext } from './check-next';
import { shareLive } from '../edit-defined';

/** What a new server and a new array are both given, by row keys. */
export interface NewDefinition extends NewComponentFields {
  readonly deploymentId: string;
  readonly cloudId: string;
  readonly serverTemplateId: string;
  readonly choices: ChoiceChanges;
}

interface PlannedDefinition {
  readonly columns: NewDefined<ServerType>;
  /** For the audit log. */
  readonly changes: Record<string, unknown>;
}

/** Where each type of definition speaks from in a resolution. */
export const LAYERS = {
  Server: 'SERVER',
  ServerArray: 'SERVER_ARRAY',
} as const satisfies Record<ServerType, PlannedNext['source']>;

/** in a deployment, with a cloud and a template. @throws DomainError naming the field */
export async function planDefinition(
  tx: Transaction,
  type: ServerType,
  input: NewDefinition,
): Promise<PlannedDefinition> {
  const fields = checkNewComponent(input);
  const { deploymentId, cloudId, serverTemplateId, choices: changes } = input;
  const { accountId } = actingViewer(tx);
  await shareLive(tx, 'Deployment', deploymentId, 'deploymentId');
  const choices = planChoices(NO_CHOICES, changes);
  await checkNext(tx, {
    source: LAYERS[type],
    cloudId,
    serverTemplateId,
    choices,
    changes,
    templateChanges: true,
    multiCloudImageChanges: true,
  });
  return {
    columns: {
      ...fields,
      ...choices,
      none: [...choices.none],
      accountId,
      deploymentId,
      cloudId,
      serverTemplateId,
    },
    changes: {
      ...fields,
      deploymentId: toGlobalId('Deployment', deploymentId),
      cloudId: toGlobalId('Cloud', cloudId),
      serverTemplateId: toGlobalId('ServerTemplate', serverTemplateId),
      ...describeChoices(changedChoices(NO_CHOICES, choices)),
    },
  };
}
