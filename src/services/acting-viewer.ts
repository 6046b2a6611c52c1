import { accountOf } from '../domain/access/principal';
import type { Viewer } from '../domain/access/viewer';
import type { ActionContext } from '../persistence/unit-of-work';

/** The account that acts, as one that reads. Only the command line of an empty installation acts for none. */
export function actingViewer({ principal, now }: ActionContext): Viewer {
  return { accountId: accountOf(principal), now };
}
