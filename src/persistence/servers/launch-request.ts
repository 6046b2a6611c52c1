import type { ChosenKeys } from '../../domain/launch/chosen-keys';
import type { ChoiceLayer } from '../../domain/launch/configuration';
import type { ServerDefinition } from '../../entities/servers/server-definition';
import type { Row } from '../select';

/** A launch to resolve, by row keys. */
export interface LaunchRequest {
  readonly serverTemplateId: string;
  readonly cloudId: string;
  /** Strongest first. */
  readonly layers: readonly { readonly source: ChoiceLayer['source']; readonly choices: ChosenKeys }[];
  /** The server's or array's own. Default: none. */
  readonly tags?: readonly string[];
}

/** What the next launch of a server or array asks for. */
export function nextLaunch(definition: Row<ServerDefinition>): LaunchRequest {
  const { serverTemplateId, cloudId, tags, __typename } = definition;
  const source = __typename === 'Server' ? 'SERVER' : 'SERVER_ARRAY';
  return { serverTemplateId, cloudId, layers: [{ source, choices: definition }], tags };
}

/** The same text for the same launch. */
export function textOfLaunch({ serverTemplateId, cloudId, layers, tags = [] }: LaunchRequest): string {
  return JSON.stringify([
    serverTemplateId,
    cloudId,
    layers.map(({ source, choices }) => [source, ...choiceTexts(choices)]),
    tags,
  ]);
}

const choiceTexts = (choices: ChosenKeys) => [
  choices.multiCloudImageId,
  choices.imageId,
  choices.instanceTypeId,
  choices.kernelImageId,
  choices.ramdiskImageId,
  choices.userData,
  [...choices.none].sort(),
];
