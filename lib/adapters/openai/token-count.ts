import { z } from 'zod'

/** Far more tokens than any call can use. */
const MOST = 1_000_000_000

/** Tokens as a provider reports them; 0 where the number is missing or impossible. */
export const Count = z.number().nonnegative().max(MOST).catch(0)
