import { normalEmail } from '../../domain/access/email';
import { accountOf } from '../../domain/access/principal';
import { withObserver, type Role } from '../../domain/access/roles';
import { invalid } from '../../domain/errors';
import { assertName } from '../../domain/text';
import { recordAudit } from '../../persistence/access/audit-store';
import { unitOfWork, type ActionContext } from '../../persistence/unit-of-work';
import { findOrAddUser, insertMembership } from '../../persistence/access/user-store';

export interface CreateUserInput {
  readonly email: string;
  readonly name: string;
  readonly roles: readonly Role[];
}

/**
 * Lets a person into the account. Whether another account knows the person already never shows.
 * @returns the user's key.
 */
export async function createUser(context: ActionContext, input: CreateUserInput): Promise<string> {
  const email = normalEmail(input.email, 'input', 'email');
  assertName(input.name, 'input', 'name');
  if (input.roles.length === 0) throw invalid('`roles` is empty: give at least OBSERVER.', 'input', 'roles');
  const roles = withObserver(input.roles);
  return unitOfWork(context, async (tx) => {
    const userId = await findOrAddUser(tx.manager, email, tx.now);
    const added = await insertMembership(tx.manager, {
      accountId: accountOf(tx.principal),
      userId,
      name: input.name,
      roles,
      createdAt: tx.now,
    });
    if (!added)
      throw invalid(
        `\`email\`: ${email} is a user of this account already: change what they may do with \`setRoles\`.`,
        'input',
        'email',
      );
    await recordAudit(tx, {
      action: 'user.create',
      objectType: 'User',
      objectId: userId,
      changes: { email, name: input.name, roles },
    });
    return userId;
  });
}
