import { randomUUID } from 'node:crypto';
import { normalEmail } from '../../domain/access/email';
import { ROLES } from '../../domain/access/roles';
import { assertName } from '../../domain/text';
import { insertAccount } from '../../persistence/access/account-store';
import { recordAudit } from '../../persistence/access/audit-store';
import { unitOfWork, type ActionContext } from '../../persistence/unit-of-work';
import { createToken, type CreatedToken } from './create-token';
import { createUser } from './create-user';

export interface CreateAccountInput {
  readonly name: string;
  /** Whether it writes the public catalog; one account at most. */
  readonly operator: boolean;
  readonly adminEmail: string;
  readonly adminName: string;
}

export interface CreatedAccount {
  readonly accountId: string;
  readonly adminId: string;
  readonly adminToken: CreatedToken;
}

/** All that people do. INFRASTRUCTURE is for machines; an admin can give it, too. */
const FIRST_ADMIN_ROLES = ROLES.filter((role) => role !== 'INFRASTRUCTURE');

/** Makes an account with its first admin and a token of theirs. */
export async function createAccount(
  context: ActionContext,
  { name, operator, adminEmail, adminName }: CreateAccountInput,
): Promise<CreatedAccount> {
  assertName(name, 'input', 'name');
  assertName(adminName, 'input', 'adminName');
  const email = normalEmail(adminEmail, 'input', 'adminEmail');
  return unitOfWork(context, async (outside) => {
    const accountId = randomUUID();
    await insertAccount(outside.manager, { id: accountId, name, operator, createdAt: outside.now });
    // Its audit log begins with its own making.
    const tx = { ...outside, principal: { ...outside.principal, accountId } };
    await recordAudit(tx, {
      action: 'account.create',
      objectType: 'Account',
      objectId: accountId,
      changes: { name, operator },
    });
    const adminId = await createUser(tx, { email, name: adminName, roles: FIRST_ADMIN_ROLES });
    const adminToken = await createToken(tx, { name: 'first token of the first admin', userId: adminId });
    return { accountId, adminId, adminToken };
  });
}
