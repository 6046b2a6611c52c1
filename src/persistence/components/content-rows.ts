import type { EntityManager } from 'typeorm';
import type { Viewer } from '../../domain/access/viewer';
import { keyedTags } from '../../domain/versioning/content-tags';
import type { ComponentContents } from '../../domain/versioning/component-content';
import type { ComponentType } from '../../domain/versioning/component-type';
import type { Component } from '../../entities/components/component';
import type { ComponentRows, HeadColumns } from './component-store';
import type { Row } from '../select';

/** How the rows of one kind hold its content: all that version control knows of its tables. */
export interface ContentRows<T extends ComponentType> {
  /** The contents of versions whose rows are given, by id; a bounded number of statements. */
  read(
    manager: EntityManager,
    versions: readonly Row<ComponentRows[T]>[],
  ): Promise<ReadonlyMap<string, ComponentContents[T]>>;
  /** Contents by their versions' ids without the pins that the viewer doesn't see; absent where nothing is pinned. */
  withoutHidden?(
    manager: EntityManager,
    viewer: Viewer,
    contents: ReadonlyMap<string, ComponentContents[T]>,
  ): Promise<ReadonlyMap<string, ComponentContents[T]>>;
  /**
   * Makes the rows beside a locked HEAD hold `after` instead of `before`; a bounded number of statements.
   *
   * @param donors versions whose content went into it: what isn't content (how a setting was made) comes along
   * @returns the columns of HEAD's own row to set
   */
  write(
    manager: EntityManager,
    head: Row<ComponentRows[T]>,
    before: ComponentContents[T],
    after: ComponentContents[T],
    donors: readonly string[],
  ): Promise<HeadColumns>;
}

/** The content that every kind has. */
export function sharedContent({ name, description, tags }: Component) {
  return { name, description, tags: keyedTags(tags) };
}

/** The columns that hold it. Tags stay in the order that HEAD had them. */
export function sharedColumns({
  name,
  description,
  tags,
}: ComponentContents[ComponentType]): Pick<HeadColumns, 'name' | 'description' | 'tags'> {
  return { name, description, tags: [...tags.values()] };
}
