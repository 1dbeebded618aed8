/** Asks for the token, once, when the server wants one. */
import { type FormEvent, useEffect, useState } from 'react';
import { setTokenAsker } from '../lib/token.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';

interface Question {
  readonly why: string;
  readonly answer: (token: string | undefined) => void;
}

export function TokenDialog() {
  const [question, setQuestion] = useState<Question>();
  const [token, setToken] = useState('');

  useEffect(() => setTokenAsker((why) => new Promise((resolve) => setQuestion({ why, answer: resolve }))), []);

  const close = (given: string | undefined): void => {
    question?.answer(given);
    setQuestion(undefined);
    setToken('');
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    // A dialog over a form's dialog: React hands the event up to that form too.
    event.stopPropagation();
    if (token.trim() !== '') close(token);
  };

  return (
    <Dialog
      open={question !== undefined}
      onClose={() => close(undefined)}
      title="Token needed"
      description={
        <>
          <p>{question?.why}</p>
          <p>
            Reading is free; acting needs a token. The session’s own stands in the file <code>token</code> of its home
            folder, and in the terminal it was started in. This tab keeps it until it is closed.
          </p>
        </>
      }
    >
      <form className="dialog-form" onSubmit={submit}>
        <div className="field">
          <label htmlFor="token">Token</label>
          <input
            id="token"
            className="input mono"
            type="password"
            autoComplete="off"
            spellCheck={false}
            value={token}
            onChange={(event) => setToken(event.target.value)}
          />
        </div>
        <div className="dialog-buttons">
          <Button onClick={() => close(undefined)}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={token.trim() === ''}>
            Use it
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
