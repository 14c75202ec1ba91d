import pg from 'pg'

/**
 * pg's client, which ends its connection where connecting fails after the server has answered, as in authentication.
 * Left open, each try would hold one of the server's places for a minute.
 */
class TidyClient extends pg.Client {
  override connect(): Promise<this>
  override connect(done: (error: Error) => void): void
  override connect(done?: (error: Error) => void): Promise<this> | undefined {
    const connected = super.connect().then(
      () => this,
      (error: Error) => {
        // Its failure would say nothing new, and a silent server must not hold the answer up.
        this.end().catch(() => {})
        throw namePasswordMissing(error)
      },
    )
    if (done === undefined) return connected
    connected.then(() => Reflect.apply(done, this, [null, this]), done)
    return undefined
  }
}

/** pg's pool over TCP. */
export function createPgPool(options: pg.PoolConfig): pg.Pool {
  return new pg.Pool({ ...options, Client: TidyClient })
}

/** What pg says as of an argument of its own, by the SQLSTATE that a server has for it. */
function namePasswordMissing(error: Error): Error {
  if (!/client password must be a/.test(error.message)) return error
  const message = 'the connection string has no password, and the server asks for one'
  return Object.assign(new Error(message, { cause: error }), { code: '28P01' })
}
