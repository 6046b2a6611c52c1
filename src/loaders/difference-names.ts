import type { EntityManager } from 'typeorm';
import type { Viewer } from '../domain/access/viewer';
import type { Names, References } from '../domain/differences/names';
import { keyOf, toGlobalId, type NodeType } from '../domain/global-id';
import type { PinnedType } from '../domain/versioning/pin-updates';
import { cloudsById, imagesById, instanceTypesById, type ImageRow } from '../persistence/batches';
import {
  headsByLineage,
  latestRevisionsByLineage,
  offeredNamesByLineage,
} from '../persistence/components/component-batches';
import { COMPONENT_ENTITIES } from '../persistence/components/component-store';

/** Names what differences refer to, as far as the viewer sees it; a bounded number of statements, one after the other. */
export async function readNames(
  manager: EntityManager,
  viewer: Viewer,
  { clouds, images, instanceTypes, multiCloudImages, rightScripts }: References,
): Promise<Names> {
  const cloudRows = await found('Cloud', clouds, (ids) => cloudsById(manager, viewer, ids));
  const imageRows = await found('CloudImage', images, (ids) => imagesById(manager, viewer, ids));
  const typeRows = await found('InstanceType', instanceTypes, (ids) =>
    instanceTypesById(manager, viewer, ids),
  );
  return {
    clouds: new Map(cloudRows.map(({ id, name }) => [toGlobalId('Cloud', id), name])),
    images: new Map(imageRows.map((row) => [toGlobalId('CloudImage', row.id), namedImage(row)])),
    instanceTypes: new Map(typeRows.map(({ id, name }) => [toGlobalId('InstanceType', id), name])),
    components: new Map([
      ...(await namesOfLineages(manager, viewer, 'MultiCloudImage', [...multiCloudImages])),
      ...(await namesOfLineages(manager, viewer, 'RightScript', [...rightScripts])),
    ]),
  };
}

async function found<Row>(
  type: NodeType,
  ids: ReadonlySet<string>,
  read: (keys: readonly string[]) => Promise<Row[]>,
): Promise<Row[]> {
  return ids.size === 0 ? [] : read([...ids].map((id) => keyOf(type, id)));
}

/** of an image that the viewer doesn't see nothing but its uid gets out. */
function namedImage({ id, resourceUid, name, visible }: ImageRow) {
  return { id: visible ? toGlobalId('CloudImage', id) : null, resourceUid, name: visible ? name : null };
}

/** By lineage the name that HEAD has, else the newest revision; of what is not here the newest one that is offered. */
async function namesOfLineages(
  manager: EntityManager,
  viewer: Viewer,
  type: PinnedType,
  lineages: readonly string[],
): Promise<[string, string][]> {
  const entity = COMPONENT_ENTITIES[type];
  const names = new Map<string, string>();
  for (const find of [headsByLineage, latestRevisionsByLineage, offeredNamesByLineage]) {
    const unnamed = lineages.filter((lineageId) => !names.has(lineageId));
    if (unnamed.length === 0) break;
    for (const { lineageId, name } of await find(manager, entity, viewer, unnamed))
      names.set(lineageId, name);
  }
  return [...names];
}
