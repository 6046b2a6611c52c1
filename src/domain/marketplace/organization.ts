import { normalEmail } from '../access/email';
import { invalid } from '../errors';
import { assertDescription, assertName } from '../text';

/** What a publisher says of itself. Messages that are left out stay, `null` clears them. */
export interface OrganizationInput {
  readonly name: string;
  readonly email: string;
  readonly welcomeMessage?: string | null;
  readonly supportMessage?: string | null;
}

/** The same, checked. */
export interface OrganizationFields {
  readonly name: string;
  readonly email: string;
  readonly welcomeMessage: string | null;
  readonly supportMessage: string | null;
}

/** */
const FORBIDDEN_IN_NAME = /[;\\/><&,.]/;

/**
 * @param current what the organization is now; `null`: there is none yet
 * @throws DomainError INVALID, naming the field
 */
export function checkOrganization(
  input: OrganizationInput,
  current: OrganizationFields | null,
): OrganizationFields {
  assertName(input.name, 'input', 'name');
  const [character] = FORBIDDEN_IN_NAME.exec(input.name) ?? [];
  if (character !== undefined)
    throw invalid(`\`name\` holds "${character}": leave out each of \`; \\ / > < & , .\`.`, 'input', 'name');
  assertDescription(input.welcomeMessage, 'input', 'welcomeMessage');
  assertDescription(input.supportMessage, 'input', 'supportMessage');
  const { welcomeMessage = current?.welcomeMessage, supportMessage = current?.supportMessage } = input;
  return {
    name: input.name,
    email: normalEmail(input.email, 'input', 'email'),
    welcomeMessage: welcomeMessage ?? null,
    supportMessage: supportMessage ?? null,
  };
}
