import { AuthenticationError } from '../../../src/domain/access/authentication-error';
import {
  principalOfIdentity,
  type AccountMembership,
  type PersonFacts,
} from '../../../src/domain/access/identity-principal';

const KEY = '00000000-0000-4000-8000-00000000000';
const acme: AccountMembership = {
  account: { id: `${KEY}1`, name: 'Acme', operator: true },
  roles: ['DESIGNER', 'INFRASTRUCTURE'],
};
const globex: AccountMembership = {
  account: { id: `${KEY}2`, name: 'Globex', operator: false },
  roles: ['OBSERVER', 'INFRASTRUCTURE'],
};
const identity = { subject: 'https://id.example#ada', email: 'ada@example.com' };
const ada = (...memberships: AccountMembership[]): PersonFacts => ({
  id: 'ada',
  email: 'ada@example.com',
  openidSubject: identity.subject,
  memberships,
});

describe('R-2.2 for whom an OpenID identity acts', () => {
  it('acts in the only account, with the roles there', () => {
    expect(principalOfIdentity(identity, ada(acme), null)).toEqual({
      accountId: `${KEY}1`,
      userId: 'ada',
      tokenId: null,
      actor: 'ada@example.com',
      roles: new Set(['OBSERVER', 'DESIGNER', 'INFRASTRUCTURE']),
      operator: true,
    });
  });

  it.each([
    ['Globex', `${KEY}2`],
    [`acc_${KEY}2`, `${KEY}2`],
    ['Acme', `${KEY}1`],
  ])('chooses among several by the header %s', (header, accountId) => {
    expect(principalOfIdentity(identity, ada(acme, globex), header).accountId).toBe(accountId);
  });

  it('R-2.3 is the operator only in the account of the operator', () => {
    expect(principalOfIdentity(identity, ada(acme, globex), 'Globex').operator).toBe(false);
  });

  it('asks for the header when there are several, and lists none but the own ones', () => {
    expect(refusal(() => principalOfIdentity(identity, ada(acme, globex), null))).toEqual({
      reason: 'ACCOUNT_NEEDED',
      message:
        'You work in several accounts: name one in the header `x-mci-account`, by its id or its exact name. Yours: "Acme", "Globex".',
    });
  });

  it('answers alike for a foreign account and one that does not exist', () => {
    const foreign = refusal(() => principalOfIdentity(identity, ada(acme), 'Globex'));
    expect(foreign.reason).toBe('WRONG_ACCOUNT');
    expect(refusal(() => principalOfIdentity(identity, ada(acme), 'no such account'))).toEqual(foreign);
  });

  it('names at most 20 accounts', () => {
    const many = Array.from({ length: 23 }, (_, index) => ({
      ...acme,
      account: { ...acme.account, name: `a${index}` },
    }));
    const { message } = refusal(() => principalOfIdentity(identity, ada(...many), null));
    expect(message).toMatch(/"a19" and 3 more\.$/);
  });

  it.each([
    ['NO_ROLE', identity, ada()],
    ['UNKNOWN_USER', identity, null],
    ['UNKNOWN_USER', { ...identity, email: null }, null],
    ['UNKNOWN_USER', { ...identity, subject: 'https://id.example#eve' }, ada(acme)],
  ] as const)('is refused as %s: %j, %j', (reason, who, person) => {
    expect(refusal(() => principalOfIdentity(who, person, null)).reason).toBe(reason);
  });

  it('tells who is unknown how to get in', () => {
    expect(refusal(() => principalOfIdentity(identity, null, null)).message).toBe(
      'Nobody here is known by ada@example.com: an admin of the account must create the user first, with `createUser`.',
    );
  });

  it('lets in somebody who was never linked', () => {
    expect(principalOfIdentity(identity, { ...ada(acme), openidSubject: null }, null).userId).toBe('ada');
  });
});

function refusal(act: () => unknown): { reason: string; message: string } {
  try {
    act();
  } catch (error) {
    if (error instanceof AuthenticationError) return { reason: error.reason, message: error.message };
    throw error;
  }
  throw new Error('It was not refused');
}
