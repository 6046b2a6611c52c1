import type { Environment } from 'monaco-editor';

const fileByLabel: Record<string, string> = { graphql: WORKER_FILES.graphql, json: WORKER_FILES.json };

const environment: Environment = {
  getWorker: (_moduleId, label) =>
    new Worker(new URL(fileByLabel[label] ?? WORKER_FILES.editor, import.meta.url)),
};

// Monaco looks here, at the moment it starts its first worker.
Object.assign(globalThis, { MonacoEnvironment: environment });
