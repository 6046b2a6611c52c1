import { post } from './request';

/** Asks the service once. @throws Error with its errors, or why a mutation was refused */
export async function graphql<T>(
  serviceUrl: string,
  token: string,
  query: string,
  variables: object,
): Promise<T> {
  const text = await post({ url: `${serviceUrl}/graphql`, token, body: { query, variables } });
  const { data, errors } = JSON.parse(text) as {
    data?: Record<string, { userErrors?: unknown[] } | null>;
    errors?: unknown[];
  };
  const refused = Object.values(data ?? {}).flatMap((answer) => answer?.userErrors ?? []);
  if (data === undefined || errors !== undefined || refused.length > 0)
    throw new Error(`The service refused: ${JSON.stringify(errors ?? refused).slice(0, 2000)}`);
  return data as T;
}
