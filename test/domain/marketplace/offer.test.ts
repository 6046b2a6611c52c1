import { EVERYONE, type Audience } from '../../../src/domain/marketplace/audience';
import {
  assertDependenciesVisible,
  assertImagesUsable,
  assertNoHeadDependency,
  planOffer,
  type OfferedPin,
  type UnusablePart,
} from '../../../src/domain/marketplace/offer';

const groups = (...accountGroupIds: string[]): Audience => ({ visibility: 'PRIVATE', accountGroupIds });

const pin = (id: string, facts: Partial<OfferedPin> = {}): OfferedPin => ({
  type: 'MultiCloudImage',
  id,
  lineageId: `lineage of ${id}`,
  revision: 1,
  snapshot: false,
  name: id,
  originalId: null,
  sourceMeant: false,
  ...facts,
});

describe('R-9.2: what goes along', () => {
  const pins = [pin('new'), pin('known'), pin('head', { revision: 0 }), pin('theirs', { originalId: 'x' })];
  const known = (audience: Audience) => ({ id: 'publication', componentId: 'known', ...audience });

  test('private revisions are published along; HEADs and what was imported are not', () => {
    const plan = planOffer(pins, [known(EVERYONE)], groups('a'), 'input');
    expect(plan.implicit.map(({ id }) => id)).toEqual(['new']);
    expect(plan.widened).toEqual([]);
  });

  test.each([
    ['the same groups', groups('a'), groups('a'), false],
    ['fewer groups', groups('a', 'b'), groups('b'), false],
    ['another group', groups('a'), groups('a', 'b'), true],
    ['everyone', groups('a'), EVERYONE, true],
    ['groups, of what is public', EVERYONE, groups('a'), false],
  ])('what is published is widened or left, for %s', (_what, before, audience, widened) => {
    expect(planOffer(pins, [known(before)], audience, 'input').widened).toHaveLength(widened ? 1 : 0);
  });

  test('to at most 100 groups in all', () => {
    const hundred = groups(...Array.from({ length: 100 }, (_none, index) => String(index)));
    expect(() => planOffer(pins, [known(hundred)], groups('a'), 'input', 'id')).toThrow(
      expect.objectContaining({ code: 'LIMIT_EXCEEDED', details: { path: ['input', 'id'] } }),
    );
  });
});

describe('R-9.2: refusals name what is wrong', () => {
  test('HEADs that a committed template pins, each; a HEAD may pin them', () => {
    const pins = [pin('a', { revision: 0 }), pin('b'), pin('c', { type: 'RightScript', revision: 0 })];
    expect(() => assertNoHeadDependency(3, pins)).toThrow(
      expect.objectContaining({
        code: 'HEAD_DEPENDENCY',
        message: expect.stringContaining(
          'the MultiCloud Image "a [HEAD]", the RightScript "c [HEAD]". Commit',
        ) as string,
      }),
    );
    expect(() => assertNoHeadDependency(0, pins)).not.toThrow();
  });

  test('R-9.2: a subscribed HEAD, which nobody commits here, with its own cure', () => {
    const followed = pin('followed', { revision: 0, originalId: 'x' });
    expect(() => assertNoHeadDependency(3, [followed])).toThrow(
      /^(?!.*commitHeadDependencies).*follows the MultiCloud Image "followed \[HEAD\]": import a revision of it, or clone it and pin the clone's revision\. Then commit/,
    );
    expect(() => assertNoHeadDependency(3, [pin('own', { revision: 0 }), followed])).toThrow(
      /pin the clone's revision\. Commit the ServerTemplate with `commitHeadDependencies: true`/,
    );
  });

  test('what its publisher offers to less, and subscribed HEADs always', () => {
    const imported = { originalId: 'x', sourceMeant: true };
    expect(() => assertDependenciesVisible([pin('a'), pin('b', imported)], 'input')).not.toThrow();
    for (const hidden of [
      pin('c', { ...imported, sourceMeant: false }),
      pin('c', { ...imported, revision: 0 }),
    ])
      expect(() => assertDependenciesVisible([hidden, pin('b', imported)], 'input', 'id')).toThrow(
        expect.objectContaining({
          code: 'DEPENDENCY_NOT_VISIBLE',
          message: expect.stringMatching(/"c \[[^\]]+\]"\. Clone each/) as string,
        }),
      );
  });

  test('images by name and uid, with their MCIs, and how many more there are', () => {
    const part: UnusablePart = {
      kind: 'image',
      name: 'secret',
      uid: 'ami-1',
      multiCloudImage: 'mci',
      revision: 2,
      snapshot: false,
      imported: false,
    };
    const refuse = () =>
      assertImagesUsable(
        { parts: [part, { ...part, name: null, uid: 'ami-2' }], total: 7, reachesAccounts: false },
        EVERYONE,
        'input',
        'id',
      );
    expect(refuse).toThrow(
      expect.objectContaining({
        code: 'PRIVATE_IMAGE',
        message:
          'Part of the audience can not use: the image "secret" (ami-1) of the MultiCloud Image "mci [rev 2]", ' +
          'the image ami-2 of the MultiCloud Image "mci [rev 2]", and 5 more. ' +
          'Replace each by a public one, or offer the publication to account groups that can use them.',
      }),
    );
    const none = { parts: [], total: 0, reachesAccounts: true };
    expect(() => assertImagesUsable(none, EVERYONE, 'input')).not.toThrow();

    const refusal = (imported: boolean[], reachesAccounts: boolean) => () =>
      assertImagesUsable(
        {
          parts: imported.map((one) => ({ ...part, imported: one })),
          total: imported.length,
          reachesAccounts,
        },
        groups('a'),
        'input',
      );
    expect(refusal([false], false)).toThrow(/groups have no accounts yet.*inviteToAccountGroup/);
    expect(refusal([false], true)).toThrow(/^(?!.*(no accounts yet|clone it)).*shareCloudImage/);
    // Whoever imported an MCI can't change it, and does not own what it names.
    expect(refusal([true], true)).toThrow(
      /^(?!.*shareCloudImage).*clone it and replace the image, then pin the clone/,
    );
    expect(refusal([true, false], true)).toThrow(/shareCloudImage.*pin the clone/);
  });
});
