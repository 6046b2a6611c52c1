import type { DataSource } from 'typeorm';
import type { Data, TestAccount } from './api';
import { TestCatalog, type Known, type KnownImage, type Place } from './catalog';
import { done } from './components';
import { commit, type Kind } from './version-control';
import { pathOf, type ModelContent } from './version-model';

/** An edit of a HEAD: what the service is asked for, and what the content is then. */
export interface ModelEdit {
  readonly mutation: string;
  readonly input: object;
  readonly after: ModelContent;
}

/** A kind of component as the model knows it. */
export interface ModelKind {
  readonly kind: Kind;
  /** What to read of a version, besides its name, description and tags. */
  readonly selection: string;
  /** Input of the mutation that makes the first version of a component. */
  create(name: string, seed: number): object;
  /** The content of a version as it was read. */
  contentOf(version: Data): ModelContent;
  /** An edit that the numbers choose; `null`: they choose one that isn't possible now. */
  edit(content: ModelContent, head: Data, numbers: readonly number[]): ModelEdit | null;
}

const NAMES = ['alpha', 'beta', 'gamma'];
const DESCRIPTIONS = [null, 'one line', 'another line', 'a third line'];
const TAGS = ['web', 'Web', 'team:role=front', 'team:role=back'];

const at = <T>(list: readonly T[], index = 0): T => {
  const item = list[index % list.length];
  if (item === undefined) throw new Error('There is nothing to choose from');
  return item;
};

const withValue = (content: ModelContent, path: string, value: unknown): ModelContent => ({
  ...content,
  values: new Map([...content.values, [path, JSON.stringify(value)]]),
});

const withoutValue = (content: ModelContent, path: string): ModelContent => ({
  ...content,
  values: new Map([...content.values].filter(([key]) => key !== path)),
});

const withOrder = (content: ModelContent, path: string, order: readonly string[]): ModelContent => ({
  ...content,
  orders: new Map([...content.orders, [path, order]]),
});

function sharedValues({ name, description, tags }: Data): [string, string][] {
  return [
    [pathOf('name'), JSON.stringify(name)],
    [pathOf('description'), JSON.stringify(description)],
    ...tags.map((tag: string) => [pathOf('tags', tag.toLowerCase()), JSON.stringify(tag)]),
  ];
}

function sharedEdit(
  kind: Kind,
  content: ModelContent,
  head: Data,
  [which = 0, choice = 0]: readonly number[],
): ModelEdit {
  const tag = at(TAGS, choice);
  const tagPath = pathOf('tags', tag.toLowerCase());
  switch (which % 4) {
    case 0: {
      const name = at(NAMES, choice);
      const after = withValue(content, pathOf('name'), name);
      return { mutation: `update${kind}`, input: { id: head.id, name }, after };
    }
    case 1: {
      const description = at(DESCRIPTIONS, choice);
      const after = withValue(content, pathOf('description'), description);
      return { mutation: `update${kind}`, input: { id: head.id, description }, after };
    }
    case 2: {
      const after = content.values.has(tagPath) ? content : withValue(content, tagPath, tag);
      return { mutation: 'addTags', input: { id: head.id, tags: [tag] }, after };
    }
    default:
      return {
        mutation: 'removeTags',
        input: { id: head.id, tags: [tag] },
        after: withoutValue(content, tagPath),
      };
  }
}

interface Site extends Place {
  readonly images: readonly KnownImage[];
  readonly types: readonly Known[];
}

const PATTERNS = ['alpine*', 'fedora*', 'ubuntu*'];

/** Three clouds, each with two images and two instance types; three matchers. */
export async function multiCloudImageModel(dataSource: DataSource): Promise<ModelKind> {
  const catalog = new TestCatalog(dataSource);
  const sites: Site[] = [];
  for (let index = 0; index < 3; index += 1) {
    const place = await catalog.place();
    const other = await catalog.image(place.cloud);
    const type = await catalog.instanceType(place.cloud);
    sites.push({ ...place, images: [place.image, other], types: [place.type, type] });
  }
  const matcherKey = (namePattern: string) => JSON.stringify([null, null, namePattern, null, null]);
  const matchers = pathOf('matchers');

  return {
    kind: 'MultiCloudImage',
    selection: `settings { userData cloud { id } image { id } instanceType { id } kernelImage { id } ramdiskImage { id } }
      matchers { id cloudType fingerprint namePattern operatingSystem cpuArchitecture pick instanceTypes userData }`,
    create: (name, seed) => ({ name, settings: seed % 4 === 0 ? [] : [at(sites, seed).setting] }),
    contentOf: (version) => ({
      values: new Map([
        ...sharedValues(version),
        ...version.settings.map((setting: Data) => [
          pathOf('settings', setting.cloud.id),
          JSON.stringify([
            setting.image.id,
            setting.instanceType.id,
            setting.kernelImage?.id ?? null,
            setting.ramdiskImage?.id ?? null,
            setting.userData,
          ]),
        ]),
        ...version.matchers.map((matcher: Data) => [
          pathOf('matchers', matcherKey(matcher.namePattern)),
          JSON.stringify([matcher.pick, matcher.instanceTypes, matcher.userData]),
        ]),
      ]),
      orders: new Map([[matchers, version.matchers.map(({ namePattern }: Data) => matcherKey(namePattern))]]),
    }),
    edit(content, head, [which = 0, ...numbers]) {
      if (which % 3 === 0) return sharedEdit('MultiCloudImage', content, head, numbers);
      const [choice = 0, image = 0, type = 0, data = 0] = numbers;
      const onHead = { multiCloudImageId: head.id };
      if (which % 3 === 1) {
        const site = at(sites, choice);
        const path = pathOf('settings', site.cloud.id);
        if (data % 4 === 0)
          return content.values.has(path)
            ? {
                mutation: 'removeMultiCloudImageSetting',
                input: { ...onHead, cloudId: site.cloud.id },
                after: withoutValue(content, path),
              }
            : null;
        const [imageId, instanceTypeId] = [at(site.images, image).id, at(site.types, type).id];
        const userData = data % 4 === 1 ? '#cloud-config' : null;
        return {
          mutation: 'setMultiCloudImageSetting',
          input: { ...onHead, cloudId: site.cloud.id, imageId, instanceTypeId, userData },
          after: withValue(content, path, [imageId, instanceTypeId, null, null, userData]),
        };
      }
      const namePattern = at(PATTERNS, choice);
      const key = matcherKey(namePattern);
      const path = pathOf('matchers', key);
      const order = content.orders.get(matchers) ?? [];
      if (order.includes(key))
        return {
          mutation: 'removeMultiCloudImageMatcher',
          input: {
            ...onHead,
            matcherId: head.matchers.find((matcher: Data) => matcher.namePattern === namePattern).id,
          },
          after: withOrder(
            withoutValue(content, path),
            matchers,
            order.filter((other) => other !== key),
          ),
        };
      const [pick, instanceTypes] = [
        at(['UNIQUE', 'NEWEST'], image),
        at([['large'], ['small', 'large']], type),
      ];
      return {
        mutation: 'addMultiCloudImageMatcher',
        input: { ...onHead, namePattern, pick, instanceTypes },
        after: withOrder(withValue(content, path, [pick, instanceTypes, null]), matchers, [...order, key]),
      };
    },
  };
}

/** Lines that are edited, from 1; so far apart that their regions never touch. */
const EDITED_LINES = [2, 9, 16];
const SOURCE_LINES = Array.from({ length: 17 }, (_, index) => `# line ${index + 1}`);
const COMMANDS = ['true', 'false', 'echo one', 'echo two'];

/** A script of which three lines change. */
export const RIGHT_SCRIPT_MODEL: ModelKind = {
  kind: 'RightScript',
  selection: 'source',
  create: (name, seed) => ({ name, source: SOURCE_LINES.with(1, at(COMMANDS, seed)).join('\n') }),
  contentOf(version) {
    const lines: string[] = version.source.split('\n');
    const edited = new Set(EDITED_LINES);
    expect(lines.filter((_, index) => !edited.has(index + 1))).toEqual(
      SOURCE_LINES.filter((_, index) => !edited.has(index + 1)),
    );
    return {
      values: new Map([
        ...sharedValues(version),
        ...EDITED_LINES.map((line): [string, string] => [
          pathOf('source', String(line)),
          JSON.stringify(lines[line - 1]),
        ]),
      ]),
      orders: new Map(),
    };
  },
  edit(content, head, [which = 0, ...numbers]) {
    if (which % 3 === 0) return sharedEdit('RightScript', content, head, numbers);
    const [choice = 0, value = 0] = numbers;
    const [line, command] = [at(EDITED_LINES, choice), at(COMMANDS, value)];
    return {
      mutation: 'updateRightScript',
      input: {
        id: head.id,
        source: head.source
          .split('\n')
          .with(line - 1, command)
          .join('\n'),
      },
      after: withValue(content, pathOf('source', String(line)), command),
    };
  },
};

/** A lineage that templates pin: HEAD, then its revisions. */
interface Pinnable {
  readonly lineageId: string;
  readonly ids: readonly string[];
}

const PHASES = ['BOOT', 'DECOMMISSION'];

/** Three MCIs and four RightScripts with two revisions each. */
export async function serverTemplateModel(account: TestAccount, dataSource: DataSource): Promise<ModelKind> {
  const place = await new TestCatalog(dataSource).place();
  const pinnable = async (kind: Kind, fields: object): Promise<Pinnable> => {
    let head: Data = await done(account, `create${kind}`, { name: 'pinned', ...fields });
    const first = await commit(account, kind, head);
    head = await done(account, `update${kind}`, {
      id: head.id,
      expectedVersion: head.version,
      name: 'newer',
    });
    const second = await commit(account, kind, head);
    return { lineageId: head.lineageId, ids: [head.id, first.id, second.id] };
  };
  const images: Pinnable[] = [];
  for (let index = 0; index < 3; index += 1)
    images.push(await pinnable('MultiCloudImage', { settings: [place.setting] }));
  const scripts: Pinnable[] = [];
  for (let index = 0; index < 4; index += 1) scripts.push(await pinnable('RightScript', { source: 'true' }));
  const pins = new Map(
    [...images, ...scripts].flatMap(({ lineageId, ids }) =>
      ids.map((id, revision): [string, { lineageId: string; revision: number }] => [
        id,
        { lineageId, revision },
      ]),
    ),
  );
  const pinOf = (id: string) => {
    const pin = pins.get(id);
    if (pin === undefined) throw new Error(`${id} is not one of the pinnable versions`);
    return pin;
  };
  const pinned = ({ ids }: Pinnable, content: ModelContent, path: string): string | undefined => {
    const revision = content.values.get(path);
    return revision === undefined ? undefined : ids[Number(revision)];
  };
  const defaultPath = pathOf('defaultMultiCloudImage');

  function editPins(content: ModelContent, head: Data, [choice = 0, revision = 0, how = 0]: number[]) {
    const image = at(images, choice);
    const path = pathOf('multiCloudImages', image.lineageId);
    const current = pinned(image, content, path);
    const onHead = { serverTemplateId: head.id };
    const [id, value] = [at(image.ids, revision), revision % image.ids.length];
    if (current === undefined) {
      const makeDefault = how % 4 === 0;
      const isFirst = content.values.get(defaultPath) === 'null';
      const added = withValue(content, path, value);
      return {
        mutation: 'addServerTemplateMultiCloudImage',
        input: { ...onHead, multiCloudImageId: id, makeDefault },
        after: makeDefault || isFirst ? withValue(added, defaultPath, image.lineageId) : added,
      };
    }
    if (how % 4 === 0)
      return {
        mutation: 'setDefaultMultiCloudImage',
        input: { ...onHead, multiCloudImageId: current },
        after: withValue(content, defaultPath, image.lineageId),
      };
    if (how % 4 === 1) {
      const other = images
        .filter((candidate) => candidate !== image)
        .map((candidate) => ({
          lineageId: candidate.lineageId,
          id: pinned(candidate, content, pathOf('multiCloudImages', candidate.lineageId)),
        }))
        .find((candidate) => candidate.id !== undefined);
      return {
        mutation: 'removeServerTemplateMultiCloudImage',
        input: { ...onHead, multiCloudImageId: current, newDefaultId: other?.id ?? null },
        after: withValue(withoutValue(content, path), defaultPath, other?.lineageId ?? null),
      };
    }
    return {
      mutation: 'repinServerTemplateMultiCloudImage',
      input: { ...onHead, fromId: current, toId: id },
      after: withValue(content, path, value),
    };
  }

  function editScripts(
    content: ModelContent,
    head: Data,
    [choice = 0, revision = 0, how = 0, place = 0]: number[],
  ) {
    const [script, phase] = [at(scripts, choice), at(PHASES, how >> 2)];
    const key = script.lineageId;
    const [sequence, path] = [pathOf('scripts', phase), pathOf('scripts', phase, key)];
    const order = content.orders.get(sequence) ?? [];
    const current = pinned(script, content, path);
    const inPhase = { serverTemplateId: head.id, phase };
    const others = order.filter((other) => other !== key);
    const position = place % (others.length + 1);
    const moved = others.toSpliced(position, 0, key);
    const [id, value] = [at(script.ids, revision), revision % script.ids.length];
    if (current === undefined)
      return {
        mutation: 'attachScript',
        input: { ...inPhase, rightScriptId: id, position },
        after: withOrder(withValue(content, path, value), sequence, moved),
      };
    if (how % 4 === 0)
      return {
        mutation: 'detachScript',
        input: { ...inPhase, rightScriptId: current },
        after: withOrder(withoutValue(content, path), sequence, others),
      };
    if (how % 4 === 1)
      return {
        mutation: 'repinScript',
        input: { ...inPhase, fromId: current, toId: id },
        after: withValue(content, path, value),
      };
    return {
      mutation: 'moveScript',
      input: { ...inPhase, rightScriptId: current, position },
      after: withOrder(content, sequence, moved),
    };
  }

  return {
    kind: 'ServerTemplate',
    selection: `multiCloudImages { isDefault multiCloudImage { id } } defaultMultiCloudImage { id }
      scripts { phase position rightScript { id } }`,
    create: (name, seed) => ({
      name,
      multiCloudImageIds: seed % 4 === 0 ? [] : [at(at(images, seed).ids, seed)],
    }),
    contentOf(version) {
      const values: [string, string][] = sharedValues(version);
      const orders = new Map<string, string[]>();
      for (const { multiCloudImage } of version.multiCloudImages) {
        const { lineageId, revision } = pinOf(multiCloudImage.id);
        values.push([pathOf('multiCloudImages', lineageId), String(revision)]);
      }
      const chosen = version.defaultMultiCloudImage;
      values.push([defaultPath, JSON.stringify(chosen && pinOf(chosen.id).lineageId)]);
      for (const { phase, rightScript } of version.scripts) {
        const { lineageId, revision } = pinOf(rightScript.id);
        values.push([pathOf('scripts', phase, lineageId), String(revision)]);
        orders.set(pathOf('scripts', phase), [...(orders.get(pathOf('scripts', phase)) ?? []), lineageId]);
      }
      return { values: new Map(values), orders };
    },
    edit(content, head, [which = 0, ...numbers]) {
      if (which % 4 === 0) return sharedEdit('ServerTemplate', content, head, numbers);
      return which % 4 === 1 ? editPins(content, head, numbers) : editScripts(content, head, numbers);
    },
  };
}
