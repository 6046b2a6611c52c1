import { execFile } from 'node:child_process';

/** Where a token goes. */
export interface TokenDelivery {
  readonly command: string;
  readonly machine: string;
  readonly region: string;
  readonly token: string;
  readonly signal: AbortSignal;
}

/** Runs `command MACHINE REGION` with the token on its standard input: arguments can be read by others. Fails as it does. */
export function deliverToken({ command, machine, region, token, signal }: TokenDelivery): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = execFile(command, [machine, region], { signal }, (error, _stdout, stderr) => {
      if (error === null) resolve();
      else reject(new Error(`LAUNCHER_TOKEN_COMMAND failed for ${machine}: ${stderr || error.message}`));
    });
    // A command that ends without reading closes the pipe: its exit status and its own words say why, not EPIPE.
    child.stdin?.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') reject(error);
    });
    child.stdin?.end(token);
  });
}
