import { StorageAPI } from '@graphiql/toolkit';
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import { useMemo, useState } from 'react';
import type { Configuration } from './configuration';
import { examplesPlugin } from './examples-plugin';
import { createFetcher } from './fetcher';
import { ResponseHint } from './response-hint';
import { TokenForm } from './token-form';
import { tokenStore } from './token-store';

const TABS_AT_FIRST = 3;

/** On a narrower window the examples would leave no room for a query. The style sheet stacks the page below the same width. */
const WIDE_ENOUGH_FOR_EXAMPLES = '(min-width: 900px)';

/** Where GraphiQL keeps the reader's tabs between visits. */
const STORED_TABS = 'tabState';

/** The whole page: a bar with the token above GraphiQL. */
export function Explorer({ endpoint, demoToken = '', examples }: Configuration) {
  const [token, setToken] = useState(() => tokenStore.read() ?? demoToken);
  // A new fetcher makes GraphiQL read the schema again, this time as the new caller.
  const fetcher = useMemo(() => createFetcher(endpoint, token), [endpoint, token]);
  const examplesPane = useMemo(() => examplesPlugin(examples), [examples]);
  const plugins = useMemo(() => [examplesPane, HISTORY_PLUGIN], [examplesPane]);
  const tabs = useMemo(
    () =>
      examples
        .slice(0, TABS_AT_FIRST)
        .map(({ query, variables }) => ({ query, variables: variables ?? null })),
    [examples],
  );

  // GraphiQL fills the variables of its first tab from here only; later it keeps what the reader made of them.
  const [firstVariables] = useState(() =>
    new StorageAPI().get(STORED_TABS) === null ? examples[0]?.variables : undefined,
  );

  const changeToken = (changed: string): void => {
    // The demo token comes with the page: a kept one could be out of date.
    if (changed === demoToken) tokenStore.clear();
    else tokenStore.write(changed);
    setToken(changed);
  };

  return (
    <>
      <header className="top-bar">
        <h1>mci-graph</h1>
        <TokenForm token={token} demoToken={demoToken} onChange={changeToken} />
      </header>
      <GraphiQL
        fetcher={fetcher}
        plugins={plugins}
        visiblePlugin={matchMedia(WIDE_ENOUGH_FOR_EXAMPLES).matches ? examplesPane : undefined}
        defaultTabs={tabs}
        initialVariables={firstVariables}
        defaultEditorToolsVisibility="variables"
      >
        <GraphiQL.Logo>
          <span />
        </GraphiQL.Logo>
        <GraphiQL.Footer>
          <ResponseHint />
        </GraphiQL.Footer>
      </GraphiQL>
    </>
  );
}
