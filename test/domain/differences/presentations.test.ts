import { diffText } from '../../../src/domain/differences/diff-text';
import type { Names } from '../../../src/domain/differences/names';
import {
  labelOf,
  presentationOf,
  referencesOf,
  shownValue,
} from '../../../src/domain/differences/presentations';
import { ComparisonBudget, MAXIMUM_COMPARISONS } from '../../../src/domain/merge/comparison-budget';
import { CONTENT_SCHEMAS, type SettingAtom } from '../../../src/domain/versioning/component-content';

const NAMES: Names = {
  clouds: new Map([['cld_1', 'AWS us-east-1']]),
  images: new Map([
    ['img_old', { id: 'img_old', resourceUid: 'ami-1', name: 'coreos' }],
    ['img_same', { id: 'img_same', resourceUid: 'ami-1', name: 'coreos' }],
    ['img_hidden', { id: null, resourceUid: 'ami-2', name: null }],
  ]),
  instanceTypes: new Map([['typ_1', 'm5.large']]),
  components: new Map([['lineage-1', 'Base']]),
};

const setting = (change: Partial<SettingAtom> = {}): SettingAtom => ({
  imageId: 'img_old',
  instanceTypeId: 'typ_1',
  kernelImageId: null,
  ramdiskImageId: null,
  userData: null,
  ...change,
});

const textOf = (before: SettingAtom, after: SettingAtom): string =>
  diffText(
    { name: 'M', revision: 1, snapshot: false },
    { name: 'M', revision: 0, snapshot: false },
    [{ path: ['settings', 'cld_1'], kind: 'MODIFIED', before, after }],
    NAMES,
  );

const HEADER = '--- M [rev 1]\n+++ M [HEAD]\n@@ Setting for "AWS us-east-1" @@\n';

test('somebody says for every field of every kind how it is shown', () => {
  for (const schema of Object.values(CONTENT_SCHEMAS))
    for (const field of Object.keys(schema)) expect(labelOf([field, 'BOOT', '[]'], NAMES)).toMatch(/^[A-Z]/);
  expect(() => presentationOf(['colour'])).toThrow('Nobody says how to show the field "colour".');
});

describe('R-2.2, R-3.2 what the viewer does not see', () => {
  test('an image has its uid only, an instance type nothing', () => {
    const hidden = setting({ imageId: 'img_hidden', ramdiskImageId: 'img_hidden', instanceTypeId: 'typ_2' });
    const image = { id: null, resourceUid: 'ami-2', name: null };
    expect(shownValue(['settings', 'cld_1'], hidden, NAMES)).toEqual({
      image,
      instanceType: { id: null, name: null },
      kernelImage: null,
      ramdiskImage: image,
      userData: null,
    });
    expect(textOf(setting(), hidden)).toBe(
      `${HEADER}-image coreos (ami-1)
-instance type m5.large
+image ami-2
+instance type that is not visible
+ramdisk ami-2`,
    );
  });

  test('a cloud is told by its id, a component by its lineage', () => {
    expect(labelOf(['settings', 'cld_2'], NAMES)).toBe('Setting for cld_2');
    expect(labelOf(['multiCloudImages', 'lineage-1'], NAMES)).toBe('MultiCloud Image "Base"');
    expect(labelOf(['multiCloudImages', 'lineage-2'], NAMES)).toBe('MultiCloud Image lineage-2');
    expect(labelOf(['scripts', 'BOOT', 'lineage-2'], NAMES)).toBe('Script lineage-2 in BOOT');
    expect(shownValue(['defaultMultiCloudImage'], 'lineage-2', NAMES)).toEqual({
      lineageId: 'lineage-2',
      name: null,
    });
  });
});

test('images of the same name and uid that are not the same are shown as replaced', () => {
  expect(textOf(setting(), setting({ imageId: 'img_same' }))).toBe(
    `${HEADER}-image coreos (ami-1)
-instance type m5.large
+image coreos (ami-1)
+instance type m5.large`,
  );
});

test('user data that came, went, or stayed', () => {
  const texts = (before: string | null, after: string | null) =>
    textOf(setting({ userData: before }), setting({ userData: after }))
      .slice(HEADER.length)
      .split('\n')
      .slice(2);
  expect(texts(null, 'a\n')).toEqual(['+user data:', '+  a', '+  ']);
  expect(texts('', null)).toEqual(['-user data:', '-  ']);
  expect(texts('a', 'b')).toEqual([' user data:', '-  a', '+  b']);
});

test('what must be named: each thing once', () => {
  const { clouds, images, instanceTypes, multiCloudImages, rightScripts } = referencesOf([
    {
      path: ['settings', 'cld_1'],
      values: [setting({ kernelImageId: 'img_same' }), null, setting({ ramdiskImageId: 'img_hidden' })],
    },
    { path: ['multiCloudImages', 'lineage-1'], values: [{ revision: 1 }, null] },
    { path: ['defaultMultiCloudImage'], values: ['lineage-1', null, 'lineage-2'] },
    { path: ['scripts', 'BOOT', 'lineage-3'], values: [null, { value: { revision: 0 }, position: 0 }] },
    { path: ['scripts', 'BOOT', 'order'], values: [null, ['lineage-4'], ['lineage-3', 'lineage-4']] },
    { path: ['tags', 'order'], values: [null, 'order'] },
    { path: ['source', '12'], values: [null, 'a', 'b'] },
  ]);
  expect([clouds, images, instanceTypes, multiCloudImages, rightScripts].map((ids) => [...ids])).toEqual([
    ['cld_1'],
    ['img_old', 'img_same', 'img_hidden'],
    ['typ_1'],
    ['lineage-1', 'lineage-2'],
    ['lineage-3', 'lineage-4'],
  ]);
});

test('nothing differs: no text', () => {
  const named = (name: string) => ({ name, revision: 1, snapshot: false });
  expect(diffText(named('M'), named('N'), [], NAMES)).toBe('');
});

test('R-6.6 all texts of a diff spend one budget: what is over it is shown as replaced', () => {
  const text = (first: string, count: number, last: string) =>
    [first, ...Array.from({ length: count }, () => 'x'), last].join('\n');
  const [before, after] = [text('a', 250, 'b'), text('c', 251, 'd')];
  const changes = Array.from({ length: 500 }, (_, index) => ({
    path: ['settings', `cld_${index}`],
    kind: 'MODIFIED' as const,
    before: setting({ userData: before }),
    after: setting({ userData: after }),
  }));
  const budget = new ComparisonBudget();
  const version = { name: 'M', revision: 0, snapshot: false };
  const hunks = diffText(version, version, changes, NAMES, budget)
    .split(/^@@ .* @@\n/m)
    .slice(1);
  // Per text the pairs of equal lines times the lines that differ, of the shorter text.
  const cost = 250 * 251 * 252;
  const affordable = Math.floor(MAXIMUM_COMPARISONS / cost);
  expect(affordable).toBe(3);
  expect(budget.spent).toBe(affordable * cost);
  const removed = hunks.map((hunk) => hunk.split('\n').filter((line) => line.startsWith('-')).length);
  expect(removed).toEqual(hunks.map((_hunk, index) => (index < affordable ? 2 : 252)));
  expect(hunks).toHaveLength(500);
});
