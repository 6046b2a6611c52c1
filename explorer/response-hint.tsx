import { isMacOs, useGraphiQL } from '@graphiql/react';

/** What the pane of the answer says while it is empty. */
export function ResponseHint() {
  const empty = useGraphiQL(
    ({ tabs, activeTabIndex, isFetching }) => !isFetching && !tabs[activeTabIndex]?.response,
  );
  if (!empty) return null;
  return (
    <p className="response-hint">
      Run the query with <kbd>{isMacOs ? '⌘' : 'Ctrl'}</kbd>+<kbd>Enter</kbd>: its answer appears here.
    </p>
  );
}
