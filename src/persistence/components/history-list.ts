import type { Viewer } from '../../domain/access/viewer';
import type { ComponentType } from '../../domain/versioning/component-type';
import { HistoryEntry } from '../../entities/components/history-entry';
import type { ListQuery } from '../keyset-page';
import { selectRows } from '../select';

/** What happened in the viewer's account to a lineage of this type (the parent), newest first. */
export function historyList(viewer: Viewer, type: ComponentType): ListQuery<HistoryEntry> {
  return {
    name: `history/${type}`,
    // Within a lineage no two entries have the same number.
    order: {
      keys: [{ expression: 'entry.number', property: 'number', type: 'integer' }],
      descending: true,
    },
    rows: (manager, lineage) =>
      selectRows(manager, HistoryEntry, 'entry').where(
        `entry.account_id = :viewer AND entry.lineage_id = ${lineage}`,
        { viewer: viewer.accountId },
      ),
  };
}
