import {
  forbiddenVersions,
  planImport,
  type CarriedFacts,
  type LocalVersion,
} from '../../../src/domain/marketplace/import-plan';

const LOCAL: LocalVersion = { id: 'own', removed: false, outdated: false, importedWith: 'publication' };

const carried = (
  sourceId: string,
  local: Partial<LocalVersion> | null,
  facts: Partial<CarriedFacts> = {},
): CarriedFacts => ({
  type: 'MultiCloudImage',
  accountId: 'importer',
  sourceId,
  lineageId: `lineage of ${sourceId}`,
  revision: 1,
  originalId: sourceId,
  publicationId: 'publication',
  offered: false,
  permitted: true,
  local: local && { ...LOCAL, ...local },
  ...facts,
});

const names = (versions: readonly CarriedFacts[]): string[] => versions.map(({ sourceId }) => sourceId);

test('R-9.4: what is missing is copied, what was removed comes back, what is there is used again', () => {
  const plan = planImport([
    carried('missing', null),
    carried('removed', { removed: true }),
    carried('present', {}),
    carried('own', { importedWith: null }),
    carried('older HEAD', { outdated: true }),
    carried('removed older HEAD', { outdated: true, removed: true }),
  ]);
  expect(names(plan.missing)).toEqual(['missing']);
  expect(names(plan.removed)).toEqual(['removed', 'removed older HEAD']);
  expect(names(plan.present)).toEqual(['present', 'own', 'older HEAD']);
  expect(names(plan.outdated)).toEqual(['older HEAD', 'removed older HEAD']);
  expect(plan.adopted).toEqual([]);
});

test('R-9.4: what was there because of something else is imported now, when it is what is offered', () => {
  const plan = planImport([
    carried('of a template', { importedWith: 'template' }, { offered: true }),
    carried('own', { importedWith: null }, { offered: true }),
    carried('again', {}, { offered: true }),
    carried('pinned', { importedWith: 'template' }),
  ]);
  expect(names(plan.adopted)).toEqual(['of a template']);
});

test('R-9.2: what is not meant for an account is no obstacle when it has it', () => {
  const not = { permitted: false };
  expect(
    names(
      forbiddenVersions([
        carried('missing', null, not),
        carried('removed', { removed: true }, not),
        carried('present', {}, not),
        carried('permitted', null),
      ]),
    ),
  ).toEqual(['missing', 'removed']);
});
