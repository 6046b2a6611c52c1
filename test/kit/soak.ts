/** How many times as much as usual random tests are to try: `npm run soak` says more. */
export const SOAK = Number(process.env['SOAK'] ?? 1);
