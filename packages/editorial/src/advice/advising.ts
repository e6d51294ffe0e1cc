import type { PageTrial, Registry } from '@peerpress/registry'
import type { Store } from '@peerpress/store'
import type { SiteId } from '@peerpress/wire'
import { type TrialEffect, trialEffect } from '../effects/trial-effect.ts'
import type { Advice } from './advice.ts'
import { beginTrial, type TrialRequest } from './begin-trial.ts'
import { findAdvice } from './find-advice.ts'

/** Advice on what search engines show of a site's pages, and trials of changes with their effects. */
export interface Advising {
  /** Returns a site's advice, without pages that are in an open trial or whose change of that kind was rolled back. */
  advice(site: SiteId): Promise<Advice[]>
  /**
   * Begins a trial of approved texts.
   * @throws {AdviceError}
   * @throws {RegistryError} `unknown-site`, `page-in-trial`
   */
  begin(request: TrialRequest): Promise<PageTrial>
  /** Returns how much a trial changed what its pages have. */
  effect(trial: PageTrial): Promise<TrialEffect>
}

export interface AdvisingOptions {
  readonly registry: Pick<Registry, 'pageTexts' | 'pageTrials'>
  readonly store: Pick<Store, 'pageVisits'>
  /** ms since the Unix epoch. @default Date.now */
  readonly now?: () => number
}

export function createAdvising({ registry, store, now = Date.now }: AdvisingOptions): Advising {
  return {
    advice: async (site) => {
      const [pages, settled] = await Promise.all([
        registry.pageTexts.list(site),
        registry.pageTrials.settled(site),
      ])
      const isSettled = ({ post, kind }: Advice) =>
        settled.some((of) => of.post === post && (of.isOpen || of.kind === kind))
      return findAdvice(pages).filter((advice) => !isSettled(advice))
    },
    begin: (request) => beginTrial(request, { registry, store, now }),
    effect: async (trial) => trialEffect(trial, await registry.pageTrials.changes(trial.id), { store, now }),
  }
}
