import { poisonCount, spentTodayUsd } from '../../lib/adapters/postgres/checks.ts'
import { databaseHealth } from '../../lib/adapters/postgres/health.ts'
import { judgeBudget, judgeCron, judgeInbox } from '../../lib/app/check/work.ts'
import { ConfigError } from '../../lib/config/environment.ts'
import { type Check, unseen } from './check.ts'
import { lookAtTables } from './database.ts'

export const inbox: Check = {
  needs: ['database'],
  look: (facts) =>
    lookAtTables(facts, async (db) => {
      const [health, poisonJobs] = await Promise.all([databaseHealth(db), poisonCount(db)])
      if ('refusal' in health || health.inbox === undefined) return unseen('database')
      return judgeInbox(health.inbox, poisonJobs)
    }),
}

export const cron: Check = {
  needs: ['database'],
  look: (facts) => lookAtTables(facts, async () => judgeCron(await facts.database.duties())),
}

export const budget: Check = {
  needs: ['database'],
  async look(facts) {
    const { config } = facts
    return lookAtTables(facts, async (db) => {
      const spent = await spentTodayUsd(db)
      if (config instanceof ConfigError) return unseen('config')
      return judgeBudget(spent, config.dailyBudgetUsd, config.learnerDailyBudgetUsd)
    })
  },
}
