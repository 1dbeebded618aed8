/** Types of `system-parts.mjs`, for the tests. */
export function findChromium(): string | undefined;
export function findRedis(): string | undefined;
