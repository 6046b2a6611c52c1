import type { EntityManager } from 'typeorm';
import type { Viewer } from '../../domain/access/viewer';
import { contentHash } from '../../domain/merge/content-hash';
import type { ComponentContents } from '../../domain/versioning/component-content';
import type { ComponentType } from '../../domain/versioning/component-type';
import { updateHead, type ComponentRows, type HeadColumns } from './component-store';
import type { ContentRows } from './content-rows';
import { MULTI_CLOUD_IMAGE_CONTENT } from './multi-cloud-image-content';
import { RIGHT_SCRIPT_CONTENT } from './right-script-content';
import type { Row } from '../select';
import { SERVER_TEMPLATE_CONTENT } from './server-template-content';

const CONTENT_ROWS: { [T in ComponentType]: ContentRows<T> } = {
  MultiCloudImage: MULTI_CLOUD_IMAGE_CONTENT,
  ServerTemplate: SERVER_TEMPLATE_CONTENT,
  RightScript: RIGHT_SCRIPT_CONTENT,
};

/** A version with its content. */
export interface Contained<T extends ComponentType> {
  readonly version: Row<ComponentRows[T]>;
  readonly content: ComponentContents[T];
  /** Hex. */
  readonly hash: string;
}

/**
 * Reads the contents of versions; a bounded number of statements. The hash kept with what never changes is checked:
 * a difference means that the database was changed behind the rules, and nothing may be built on it.
 */
export async function readContents<T extends ComponentType>(
  manager: EntityManager,
  type: T,
  versions: readonly Row<ComponentRows[T]>[],
): Promise<Contained<T>[]> {
  if (versions.length === 0) return [];
  const contents = await CONTENT_ROWS[type].read(manager, versions);
  return versions.map((version) => {
    const content = contents.get(version.id);
    if (content === undefined) throw new Error(`${type} ${version.id} was read without its content`);
    const hash = contentHash(content);
    if (version.sealed && version.contentHash?.toString('hex') !== hash)
      throw new Error(`The content of ${type} ${version.id} is not what was committed: its hash differs`);
    return { version, content, hash };
  });
}

/**
 * The same, to compare and show: of other accounts' versions without the pins that the viewer doesn't see (R-9.2). The
 * hash is that of the whole content. One statement more, where there are such versions.
 */
export async function readVisibleContents<T extends ComponentType>(
  manager: EntityManager,
  type: T,
  viewer: Viewer,
  versions: readonly Row<ComponentRows[T]>[],
): Promise<Contained<T>[]> {
  const whole = await readContents(manager, type, versions);
  const foreign = whole.filter(({ version }) => version.accountId !== viewer.accountId);
  const rows: ContentRows<T> = CONTENT_ROWS[type];
  if (foreign.length === 0 || rows.withoutHidden === undefined) return whole;
  const visible = await rows.withoutHidden(
    manager,
    viewer,
    new Map(foreign.map(({ version, content }) => [version.id, content])),
  );
  return whole.map((one) => ({ ...one, content: visible.get(one.version.id) ?? one.content }));
}

export async function readContent<T extends ComponentType>(
  manager: EntityManager,
  type: T,
  version: Row<ComponentRows[T]>,
): Promise<Contained<T>> {
  const [found] = await readContents(manager, type, [version]);
  if (found === undefined) throw new Error(`${type} ${version.id} has no content`);
  return found;
}

/**
 * Gives a locked HEAD this content, under its next version.
 *
 * @param donors versions whose content went into it
 * @returns the hash of the new content, hex
 */
export async function writeContent<T extends ComponentType>(
  manager: EntityManager,
  type: T,
  { version: head, content: before }: Contained<T>,
  after: ComponentContents[T],
  { donors, columns, now }: { donors: readonly string[]; columns: HeadColumns; now: Date },
): Promise<string> {
  const written = await CONTENT_ROWS[type].write(manager, head, before, after, donors);
  const hash = contentHash(after);
  await updateHead(
    manager,
    type,
    head,
    { ...written, ...columns, contentHash: Buffer.from(hash, 'hex') },
    now,
  );
  return hash;
}
