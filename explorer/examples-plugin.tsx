import { useGraphiQL, useGraphiQLActions, type GraphiQLPlugin } from '@graphiql/react';
import { useEffect, useState } from 'react';
import type { Example } from './configuration';

function BookmarkIcon() {
  return (
    <svg
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      role="img"
      aria-label="Examples"
    >
      <path d="M6 3.5h12a.5.5 0 0 1 .5.5v16.5L12 16l-6.5 4.5V4a.5.5 0 0 1 .5-.5Z" />
    </svg>
  );
}

/** Text with `names` in code. */
function withCode(text: string) {
  return text.split('`').map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part));
}

function ExampleList({ examples }: { readonly examples: readonly Example[] }) {
  const { tabs, queryEditor, variableEditor } = useGraphiQL((state) => ({
    tabs: state.tabs,
    queryEditor: state.queryEditor,
    variableEditor: state.variableEditor,
  }));
  const { addTab, changeTab } = useGraphiQLActions();
  const [opening, setOpening] = useState<Example>();

  // A new tab becomes the active one first; only then do the editors write into it.
  useEffect(() => {
    if (!opening || !queryEditor || !variableEditor) return;
    queryEditor.setValue(opening.query);
    variableEditor.setValue(opening.variables ?? '');
    setOpening(undefined);
  }, [opening, queryEditor, variableEditor]);

  const open = (example: Example): void => {
    const index = tabs.findIndex(
      (tab) => tab.query === example.query && (tab.variables ?? '') === (example.variables ?? ''),
    );
    if (index >= 0) {
      changeTab(index);
      return;
    }
    addTab();
    setOpening(example);
  };

  return (
    <section className="examples" aria-label="Examples">
      <div className="graphiql-doc-explorer-title">Examples</div>
      <ul>
        {examples.map((example) => (
          <li key={example.name}>
            <button type="button" onClick={() => open(example)}>
              <strong>{example.name}</strong>
              <span>{withCode(example.description)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A pane of GraphiQL that lists the saved queries; choosing one opens it in a tab. */
export function examplesPlugin(examples: readonly Example[]): GraphiQLPlugin {
  return { title: 'Examples', icon: BookmarkIcon, content: () => <ExampleList examples={examples} /> };
}
