import {
  serverTemplateAdvisories,
  type ServerTemplateOverview,
} from '../../../src/domain/advisories/server-template-advisories';

const AGENT_TAG = 'provides:rs_agent_type=right_link';
const multiCloudImage = {
  id: 'mci-1',
  name: 'Ubuntu',
  revision: 2,
  deleted: false,
  tags: [AGENT_TAG],
  update: null,
};
const script = { id: 'script-1', name: 'Install', revision: 5, deleted: false, update: null };

function linesOf(differing: Partial<ServerTemplateOverview>): string[] {
  return serverTemplateAdvisories({
    id: 'template-1',
    name: 'Web',
    revision: 3,
    deleted: false,
    multiCloudImages: [multiCloudImage],
    rightScripts: [script],
    ...differing,
  }).map(
    ({ severity, code, subject, message }) =>
      `${severity} ${code} ${subject?.type}:${subject?.id} | ${message}`,
  );
}

test('Section 11: a template in order has no advisories, also as HEAD', () => {
  expect(linesOf({})).toEqual([]);
  expect(linesOf({ revision: 0 })).toEqual([]);
});

test.each([0, 3])('R-6.3 revision %i that pins HEADs names each of them', (revision) => {
  expect(
    linesOf({
      revision,
      multiCloudImages: [multiCloudImage, { ...multiCloudImage, id: 'mci-2', name: 'CentOS', revision: 0 }],
      rightScripts: [{ ...script, revision: 0 }],
    }),
  ).toEqual([
    'WARNING HEAD_DEPENDENCY MultiCloudImage:mci-2 | The MultiCloud Image "CentOS" [HEAD] is not committed, so it can change at any time. Commit it and use that revision.',
    'WARNING HEAD_DEPENDENCY RightScript:script-1 | The RightScript "Install" [HEAD] is not committed, so it can change at any time. Commit it and use that revision.',
  ]);
});

test('R-6.3 a HEAD script in several phases is named once', () => {
  const head = { ...script, revision: 0 };
  expect(linesOf({ rightScripts: [head, head] })).toHaveLength(1);
});

test('R-5.3 a template without MCI says so', () => {
  expect(linesOf({ multiCloudImages: [] })).toEqual([
    'WARNING NO_DEFAULT_MCI ServerTemplate:template-1 | The ServerTemplate "Web" [rev 3] names no MultiCloud Image. Add one, so that servers can be launched from it.',
  ]);
});

test('R-10.2 scripts call for the agent tag on every MCI', () => {
  const untagged = { ...multiCloudImage, id: 'mci-2', name: 'CentOS', tags: ['blue'] };
  expect(linesOf({ multiCloudImages: [multiCloudImage, untagged] })).toEqual([
    'WARNING AGENT_TAG_MISSING MultiCloudImage:mci-2 | The MultiCloud Image "CentOS" [rev 2] lacks the tag provides:rs_agent_type=right_link, although the ServerTemplate "Web" [rev 3] has scripts. Add the tag, so that its servers are managed by the agent.',
  ]);
  expect(linesOf({ multiCloudImages: [untagged], rightScripts: [] })).toEqual([]);
});

test('R-5.5 what was deleted says so: the template, its MCIs, its scripts', () => {
  expect(
    linesOf({
      deleted: true,
      multiCloudImages: [{ ...multiCloudImage, deleted: true }],
      rightScripts: [{ ...script, deleted: true }],
    }),
  ).toEqual([
    'WARNING COMPONENT_DELETED ServerTemplate:template-1 | The ServerTemplate "Web" [rev 3] was deleted. Clone it to bring it back, or choose another one.',
    'WARNING COMPONENT_DELETED MultiCloudImage:mci-1 | The MultiCloud Image "Ubuntu" [rev 2] was deleted. Clone it to bring it back, or choose another one.',
    'WARNING COMPONENT_DELETED RightScript:script-1 | The RightScript "Install" [rev 5] was deleted. Clone it to bring it back, or choose another one.',
  ]);
});

describe('R-5.7 newer revisions of what is pinned', () => {
  const newer = { id: 'mci-9', name: 'Ubuntu 24', revision: 9, deleted: false };
  const newerScript = { id: 'script-6', name: 'Install', revision: 6, deleted: false };
  const outdated = {
    multiCloudImages: [
      { ...multiCloudImage, update: newer },
      { ...multiCloudImage, id: 'mci-2' },
    ],
    rightScripts: [
      { ...script, update: newerScript },
      { ...script, update: newerScript },
    ],
  };

  test('each is named once, with the cure', () => {
    expect(linesOf({ revision: 0, ...outdated })).toEqual([
      'INFO UPDATE_AVAILABLE MultiCloudImage:mci-9 | The MultiCloud Image "Ubuntu" [rev 2] has a newer revision, "Ubuntu 24" [rev 9]. Repin it, or move all pins at once with `updateServerTemplatePins`.',
      'INFO UPDATE_AVAILABLE RightScript:script-6 | The RightScript "Install" [rev 5] has a newer revision, "Install" [rev 6]. Repin it, or move all pins at once with `updateServerTemplatePins`.',
    ]);
  });

  test('nobody can move the pins of a deleted template', () => {
    expect(linesOf({ revision: 0, deleted: true, ...outdated })).toEqual([
      'WARNING COMPONENT_DELETED ServerTemplate:template-1 | The ServerTemplate "Web" [HEAD] was deleted. Clone it to bring it back, or choose another one.',
    ]);
  });
});
