import { neonConfig } from '@neondatabase/serverless'
import { createPool } from '@vercel/postgres'
import WebSocket from 'ws'

/**
 * A WebSocket that tells its listeners of an error by the error itself.
 *
 * Neon's driver passes on what an error listener gets, and its pool then sets that object's `message`. Of ws's
 * ErrorEvent it is read-only: a connection that came about too late would end the process.
 */
class PlainErrorSocket extends WebSocket {
  override addEventListener(
    ...[type, listener, options]: Parameters<WebSocket['addEventListener']>
  ): void {
    if (type === 'error' && typeof listener === 'function')
      this.on('error', (error) => Reflect.apply(listener, this, [error]))
    else super.addEventListener(type, listener, options)
  }
}

/** `@vercel/postgres`'s pool, for a pooled Neon host: a WebSocket for each connection. */
export function createNeonPool(options: Parameters<typeof createPool>[0]) {
  // Importing @vercel/postgres has set ws's own.
  neonConfig.webSocketConstructor = PlainErrorSocket
  return createPool(options)
}
