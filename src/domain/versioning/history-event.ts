/** What can happen to a lineage, beside edits of its HEAD. */
export type HistoryEvent = 'CREATED' | 'COMMITTED' | 'CLONED' | 'MERGED' | 'RESTORED';
