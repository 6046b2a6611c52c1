import type { EntityManager } from 'typeorm';
import { encodeCursor } from '../src/domain/paging';
import { toGlobalId } from '../src/domain/global-id';
import type { PlanOperation } from './plan-operations';
import { READ_WORK } from './run/read-work';
import type { ReadSamples } from './run/read-samples';
import { first, type Samples } from './samples';

/** What the bench measures, and references of a gateway. */
export async function workOperations(manager: EntityManager, samples: Samples): Promise<PlanOperation[]> {
  const values = await readWorkSamples(manager, samples);
  const work = READ_WORK.map((read) => ({
    name: `bench: ${read.name}`,
    query: read.query,
    variables: { ...read.variables(values) },
  }));
  return [...work, references(samples)];
}

async function readWorkSamples(manager: EntityManager, samples: Samples): Promise<ReadSamples> {
  const tagged: { id: string; name: string }[] = await manager.query(
    `SELECT id, name FROM server_templates
     WHERE account_id = $1 AND revision = 0 AND NOT snapshot AND 'team:owner=web' = ANY(tags)
     ORDER BY name, id LIMIT 10`,
    [samples.viewer.accountId],
  );
  const last = tagged.at(-1);
  if (last === undefined) throw new Error('The database lacks tagged ServerTemplates.');
  return {
    serverTemplateId: toGlobalId('ServerTemplate', first(samples.serverTemplates).id),
    imageId: toGlobalId('CloudImage', first(samples.imageIds)),
    after: { ...last, cursor: encodeCursor('serverTemplates/NAME_ASC', [last.name, last.id]) },
    rareWords: first(samples.publications).name,
  };
}

const references = ({ imageIds, multiCloudImages, serverTemplates, cloudIds }: Samples): PlanOperation => ({
  name: '_entities',
  query: `query ($references: [_Any!]!) { _entities(representations: $references) { __typename
    ... on CloudImage { id name cloud { name } } ... on MultiCloudImage { id name settings { id image { name } } }
    ... on ServerTemplate { id name multiCloudImages { isDefault multiCloudImage { name } } } ... on Cloud { id name } } }`,
  variables: {
    references: [
      ...imageIds.slice(0, 25).map((id) => ({ __typename: 'CloudImage', id: toGlobalId('CloudImage', id) })),
      ...multiCloudImages
        .slice(0, 25)
        .map(({ id }) => ({ __typename: 'MultiCloudImage', id: toGlobalId('MultiCloudImage', id) })),
      ...serverTemplates
        .slice(0, 25)
        .map(({ id }) => ({ __typename: 'ServerTemplate', id: toGlobalId('ServerTemplate', id) })),
      ...cloudIds.slice(0, 25).map((id) => ({ __typename: 'Cloud', id: toGlobalId('Cloud', id) })),
    ],
  },
});
