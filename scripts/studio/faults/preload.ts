import { PGlite } from '@electric-sql/pglite'
import { isDatabaseAwayMessage } from './database-away.ts'

/**
 * Loaded into the functions' process by `--import`: its PGlite refuses statements for as long as a message says, as a server
 * that is away refuses connections. What runs when the message comes still ends.
 */
let isAway = false
let timer: NodeJS.Timeout | undefined

const { query, exec, transaction } = PGlite.prototype

/** As Node's own, which names the call of the system's that has failed. */
function refusalError(): Error {
  return Object.assign(new Error('connect ECONNREFUSED (a fault of the studio)'), {
    code: 'ECONNREFUSED',
    syscall: 'connect',
  })
}

PGlite.prototype.query = function (this: PGlite, ...args) {
  return isAway ? Promise.reject(refusalError()) : Reflect.apply(query, this, args)
} as typeof query

PGlite.prototype.exec = function (this: PGlite, ...args) {
  return isAway ? Promise.reject(refusalError()) : Reflect.apply(exec, this, args)
} as typeof exec

PGlite.prototype.transaction = function (this: PGlite, ...args) {
  return isAway ? Promise.reject(refusalError()) : Reflect.apply(transaction, this, args)
} as typeof transaction

process.on('message', (message) => {
  if (!isDatabaseAwayMessage(message)) return
  isAway = true
  clearTimeout(timer)
  timer = setTimeout(() => {
    isAway = false
  }, message.ms).unref()
})
process.channel?.unref()
