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
  origin: 'PRIVATE' as const,
  tags: [AGENT_TAG],
  update: null,
};
const script = {
  id: 'script-1',
  name: 'Install',
  revision: 5,
  deleted: false,
  origin: 'PRIVATE' as const,
  update: null,
};

function linesOf(differing: Partial<ServerTemplateOverview>): string[] {
  return serverTemplateAdvisories({
    id: 'template-1',
    name: 'Web',
    revision: 3,
    deleted: false,
    origin: 'PRIVATE',
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
  const newer = { id: 'mci-9', name: 'Ubuntu 24', revision: 9, inMarketplace: false };
  const newerScript = { id: 'script-6', name: 'Install', revision: 6, inMarketplace: false };
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

  test('those that are in the marketplace only must be imported first', () => {
    const offered = { id: 'publication-9', name: 'Ubuntu 24', revision: 9, inMarketplace: true };
    expect(linesOf({ revision: 0, multiCloudImages: [{ ...multiCloudImage, update: offered }] })).toEqual([
      'INFO UPDATE_AVAILABLE Publication:publication-9 | The MultiCloud Image "Ubuntu" [rev 2] has a newer revision in the marketplace, "Ubuntu 24" [rev 9]. Import it with `importPublication`, then repin it, or move all pins at once with `updateServerTemplatePins`.',
    ]);
  });

  test('nobody can move the pins of a deleted template', () => {
    expect(linesOf({ revision: 0, deleted: true, ...outdated })).toEqual([
      'WARNING COMPONENT_DELETED ServerTemplate:template-1 | The ServerTemplate "Web" [HEAD] was deleted. Clone it to bring it back, or choose another one.',
    ]);
  });
});

describe('R-9.4 what is subscribed', () => {
  const head = { ...multiCloudImage, revision: 0 };

  test('can change whenever it is published anew: the template, and what it pins', () => {
    expect(
      linesOf({
        revision: 0,
        origin: 'SUBSCRIBED',
        multiCloudImages: [{ ...head, origin: 'SUBSCRIBED' }],
        rightScripts: [{ ...script, origin: 'IMPORTED' }],
      }),
    ).toEqual([
      'WARNING SUBSCRIBED_HEAD ServerTemplate:template-1 | The ServerTemplate "Web" [HEAD] is subscribed to: it changes whenever its publisher publishes it anew. Use an imported revision, or clone it and use a revision of the clone.',
      'WARNING SUBSCRIBED_HEAD MultiCloudImage:mci-1 | The MultiCloud Image "Ubuntu" [HEAD] is subscribed to: it changes whenever its publisher publishes it anew. Use an imported revision, or clone it and use a revision of the clone.',
    ]);
  });

  test('keeps its last content when access has ended', () => {
    expect(linesOf({ multiCloudImages: [{ ...head, origin: 'SUBSCRIPTION_ENDED' }] })).toEqual([
      'WARNING SUBSCRIPTION_ENDED MultiCloudImage:mci-1 | The subscription to the MultiCloud Image "Ubuntu" [HEAD] has ended: it keeps its last content. Clone it to develop it further, or choose another one.',
    ]);
  });

  test('does not change any more once it left the local collection', () => {
    expect(linesOf({ multiCloudImages: [{ ...head, origin: 'SUBSCRIBED', deleted: true }] })).toEqual([
      'WARNING COMPONENT_DELETED MultiCloudImage:mci-1 | The MultiCloud Image "Ubuntu" [HEAD] was removed from the local collection. Subscribe to it again while it is offered, clone it to bring it back, or choose another one.',
    ]);
  });

  test('frozen content never changes', () => {
    expect(linesOf({ multiCloudImages: [{ ...head, origin: 'FROZEN' }] })).toEqual([]);
  });
});

test('R-9.4 what was imported and removed comes back by importing it', () => {
  expect(linesOf({ rightScripts: [{ ...script, origin: 'IMPORTED', deleted: true }] })).toEqual([
    'WARNING COMPONENT_DELETED RightScript:script-1 | The RightScript "Install" [rev 5] was removed from the local collection. Import it again while it is offered, clone it to bring it back, or choose another one.',
  ]);
});
