import type { Viewer } from '../../domain/access/viewer';
import { AuditEntry } from '../../entities/access/audit-entry';
import type { ListQuery } from '../keyset-page';
import { selectRows } from '../select';

export interface AuditFilter {
  objectId?: string | null;
  userId?: string | null;
  action?: string | null;
  since?: Date | null;
  until?: Date | null;
}

/** What was done in the viewer's account, newest first. */
export function auditEntryList(viewer: Viewer, filter: AuditFilter = {}): ListQuery<AuditEntry> {
  return {
    name: 'auditEntries',
    order: {
      keys: [
        { expression: 'entry.at', property: 'at', type: 'timestamptz' },
        { expression: 'entry.id', property: 'id', type: 'uuid' },
      ],
      descending: true,
    },
    rows: (manager) => {
      const query = selectRows(manager, AuditEntry, 'entry').where('entry.account_id = :viewer', {
        viewer: viewer.accountId,
      });
      if (filter.objectId != null)
        query.andWhere('entry.object_id = :objectId', { objectId: filter.objectId });
      if (filter.userId != null) query.andWhere('entry.user_id = :userId', { userId: filter.userId });
      if (filter.action != null) query.andWhere('entry.action = :action', { action: filter.action });
      if (filter.since != null) query.andWhere('entry.at >= :since', { since: filter.since });
      if (filter.until != null) query.andWhere('entry.at < :until', { until: filter.until });
      return query;
    },
  };
}
