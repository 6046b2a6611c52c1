import { keyOf, optionalKeyOf } from '../../domain/global-id';
import type { ServerType } from '../../domain/servers/defined-type';
import type { NewDefinition } from '../../services/servers/new-definition';
import type { UpdateNext } from '../../services/servers/update-next';
import { toRequestedChoices } from '../launch/launch-choices';
import type {
  CreateDefinitionInput,
  UpdateDefinitionInput,
  UpdateNextInput,
} from '../types/servers/defined-inputs';

/** From the ids in inputs about servers and arrays to row keys. */

export const createKeys = ({ choices, ...input }: CreateDefinitionInput): NewDefinition => ({
  ...input,
  deploymentId: keyOf('Deployment', input.deploymentId, 'input', 'deploymentId'),
  cloudId: keyOf('Cloud', input.cloudId, 'input', 'cloudId'),
  serverTemplateId: keyOf('ServerTemplate', input.serverTemplateId, 'input', 'serverTemplateId'),
  choices: toRequestedChoices(choices, 'input', 'choices'),
});

export const updateKeys = <I extends UpdateDefinitionInput>(type: ServerType, input: I): I => ({
  ...input,
  id: keyOf(type, input.id, 'input', 'id'),
  deploymentId: optionalKeyOf('Deployment', input.deploymentId, 'input', 'deploymentId'),
});

export const nextKeys = (type: ServerType, { choices, ...input }: UpdateNextInput): UpdateNext => ({
  id: keyOf(type, input.id, 'input', 'id'),
  expectedVersion: input.expectedVersion,
  serverTemplateId: optionalKeyOf('ServerTemplate', input.serverTemplateId, 'input', 'serverTemplateId'),
  choices: toRequestedChoices(choices, 'input', 'choices'),
});
