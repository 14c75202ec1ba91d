import pg from 'pg'

/** Where the tests and the proof look for a real PostgreSQL. */
export const TEST_POSTGRES_URL =
  process.env.TEST_POSTGRES_URL ?? 'postgres://postgres@localhost:5432/test'

/** An empty database on the real server; `options` are those of CREATE DATABASE. */
export async function createPostgresDatabase(options = ''): Promise<{
  url: string
  drop: () => Promise<void>
}> {
  const name = `mluv_test_${process.pid}_${Math.random().toString(36).slice(2, 10)}`
  await onServer(`create database ${name} ${options}`)
  const url = new URL(TEST_POSTGRES_URL)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => onServer(`drop database if exists ${name} with (force)`) }
}

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: TEST_POSTGRES_URL })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
