import type { Viewer } from '../domain/access/viewer';
import type { ActionContext } from '../persistence/unit-of-work';

/** The account that acts, as one that reads. Only the command line of an empty installation acts for none. */
export function actingViewer({ principal, now }: ActionContext): Viewer {
  if (principal.accountId === null) throw new Error('This action needs an account to act for');
  return { accountId: principal.accountId, now };
}
