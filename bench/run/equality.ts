import type { Child } from './child';
import { post } from './request';

export interface ComparedAnswers {
  readonly service: string;
  readonly limit: string;
}

/**
 * Asks both for the same, and compares the answers: values, order, and order of fields.
 *
 * @throws Error when they differ, or have no data
 */
export async function sameAnswers(
  servers: { readonly service: Child; readonly limit: Child },
  work: { readonly name: string; readonly query: string },
  token: string,
  variables: object,
): Promise<ComparedAnswers> {
  const answers = {
    service: await post({
      url: `${servers.service.url}/graphql`,
      token,
      body: { query: work.query, variables },
    }),
    limit: await post({ url: `${servers.limit.url}/${work.name}`, token, body: { variables } }),
  };
  const [service, limit] = [normal(answers.service), normal(answers.limit)];
  if (service !== limit)
    throw new Error(
      `${work.name}: the service and the limit answer differently, from here on:\n${difference(service, limit)}`,
    );
  return answers;
}

/** The same JSON without what spaces it. */
const normal = (json: string): string => JSON.stringify(JSON.parse(json));

function difference(left: string, right: string): string {
  let at = 0;
  while (left[at] === right[at]) at++;
  const from = Math.max(0, at - 100);
  return `service: …${left.slice(from, at + 200)}\nlimit:   …${right.slice(from, at + 200)}`;
}
