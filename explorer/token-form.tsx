import { useId, useState, type FormEvent } from 'react';

interface TokenFormProps {
  readonly token: string;
  /** Used when the field is left empty. */
  readonly demoToken: string;
  onChange(token: string): void;
}

function status(token: string, demoToken: string): string {
  if (!token) return 'No token: the service refuses requests';
  return token === demoToken ? 'Demo token, provided by the server' : 'Kept in this tab until you close it';
}

/** Where the reader enters the bearer token that every request carries. */
export function TokenForm({ token, demoToken, onChange }: TokenFormProps) {
  const id = useId();
  const [draft, setDraft] = useState(token);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    // Tokens are often copied together with the scheme in front of them.
    const chosen = draft.trim().replace(/^bearer\s+/i, '') || demoToken;
    setDraft(chosen);
    onChange(chosen);
  };
  return (
    <form className="token-form" onSubmit={submit}>
      <label htmlFor={id}>Bearer token</label>
      <input
        id={id}
        type="password"
        autoComplete="off"
        spellCheck={false}
        placeholder="paste a token"
        value={draft}
        onChange={(event) => setDraft(event.target.value)}
      />
      <button type="submit" disabled={draft.trim() === token}>
        Use
      </button>
      <output>{status(token, demoToken)}</output>
    </form>
  );
}
