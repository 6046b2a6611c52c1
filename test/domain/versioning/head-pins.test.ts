import type {
  PinAtom,
  ScriptPhase,
  ServerTemplateContent,
} from '../../../src/domain/versioning/component-content';
import { headPins, withCommittedPins } from '../../../src/domain/versioning/head-pins';

type Pins = Readonly<Record<string, number>>;

const toAtoms = (pins: Pins): Map<string, PinAtom> =>
  new Map(Object.entries(pins).map(([lineage, revision]) => [lineage, { revision }]));

const toSequence = (pins: Pins = {}) => ({ order: Object.keys(pins).toReversed(), items: toAtoms(pins) });

const template = (
  multiCloudImages: Pins,
  scripts: Partial<Record<ScriptPhase, Pins>> = {},
): ServerTemplateContent => ({
  name: 'web',
  description: 'serves',
  tags: new Map([['a', 'A']]),
  multiCloudImages: toAtoms(multiCloudImages),
  defaultMultiCloudImage: Object.keys(multiCloudImages)[0] ?? null,
  scripts: {
    BOOT: toSequence(scripts.BOOT),
    OPERATIONAL: toSequence(scripts.OPERATIONAL),
    DECOMMISSION: toSequence(scripts.DECOMMISSION),
  },
});

describe('R-6.3: what a template pins at HEAD', () => {
  test('is named by lineage, of either kind', () => {
    const content = template({ m1: 0, m2: 3, m3: 0 }, { BOOT: { s1: 0, s2: 2 }, DECOMMISSION: { s3: 0 } });
    expect(headPins(content)).toEqual({ multiCloudImages: ['m1', 'm3'], rightScripts: ['s1', 's3'] });
  });

  test('a script in several phases is named once, also if one of them pins a revision', () => {
    const content = template({}, { BOOT: { s1: 0 }, OPERATIONAL: { s1: 0 }, DECOMMISSION: { s1: 4 } });
    expect(headPins(content)).toEqual({ multiCloudImages: [], rightScripts: ['s1'] });
  });

  test('is nothing when all pins are revisions', () => {
    expect(headPins(template({ m1: 1 }, { BOOT: { s1: 1 } }))).toEqual({
      multiCloudImages: [],
      rightScripts: [],
    });
  });
});

describe('R-6.3: the template after its dependencies were committed', () => {
  const before = template(
    { m1: 0, m2: 3 },
    { BOOT: { s1: 0, s2: 2 }, OPERATIONAL: { s1: 0 }, DECOMMISSION: { s1: 4 } },
  );

  test('pins their revisions where it pinned HEADs, and nothing else changes', () => {
    const after = withCommittedPins(before, new Map([['m1', 7]]), new Map([['s1', 9]]));
    expect(after).toEqual(
      template({ m1: 7, m2: 3 }, { BOOT: { s1: 9, s2: 2 }, OPERATIONAL: { s1: 9 }, DECOMMISSION: { s1: 4 } }),
    );
    expect(headPins(after)).toEqual({ multiCloudImages: [], rightScripts: [] });
  });

  test('a pinned revision stays, also where its lineage was committed meanwhile', () => {
    const after = withCommittedPins(before, new Map([['m2', 8]]), new Map([['s2', 8]]));
    expect(after).toEqual(before);
  });
});
