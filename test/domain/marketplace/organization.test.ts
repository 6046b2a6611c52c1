import { checkOrganization } from '../../../src/domain/marketplace/organization';

const INPUT = { name: 'Acme', email: 'Hello@Acme.example' };
const CURRENT = {
  name: 'Old',
  email: 'old@acme.example',
  welcomeMessage: 'Hi',
  supportMessage: 'Call',
};

describe('R-9.1: what a publisher says of itself', () => {
  test('messages that are left out stay, null clears them', () => {
    expect(checkOrganization(INPUT, null)).toEqual({
      name: 'Acme',
      email: 'hello@acme.example',
      welcomeMessage: null,
      supportMessage: null,
    });
    expect(checkOrganization({ ...INPUT, supportMessage: null }, CURRENT)).toEqual({
      name: 'Acme',
      email: 'hello@acme.example',
      welcomeMessage: 'Hi',
      supportMessage: null,
    });
  });

  test.each([...';\\/><&,.'])('no name holds %s, wherever', (character) => {
    for (const name of [character, `${character}Acme`, `Ac${character}me`, `Acme${character}`])
      expect(() => checkOrganization({ ...INPUT, name }, null)).toThrow(
        expect.objectContaining({ code: 'INVALID', details: { path: ['input', 'name'] } }),
      );
  });

  test.each(["O'Reilly (Ireland) – Straße 1", 'A', '株式会社', 'x'.repeat(255)])('%s is a name', (name) => {
    expect(checkOrganization({ ...INPUT, name }, null)).toMatchObject({ name });
  });
});
