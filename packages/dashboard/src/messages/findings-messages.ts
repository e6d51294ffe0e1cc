/** Texts of the page of findings. */
export const findingsMessages = {
  findingCard: {
    also: (why: string) => `Also: ${why}`,
    whatToDo: 'What to do:',
    fromViewsRuleNeeds: (count: string, count2: string) => `From ${count} views; the rule needs ${count2}.`,
    lookAt: 'Look at it',
    showAgain: 'Show again',
    dismiss: 'Dismiss',
  },
  findings: {
    loading: 'Loading…',
    siteWasNotAnalysed: 'The site was not analysed yet. The first analysis runs within a day.',
    nothingDeservesAttentionRules:
      'Nothing deserves attention. Rules speak only where enough views were measured.',
    dismissed: (count: number) => `Dismissed (${count})`,
    dismissedFindingComesBack: 'A dismissed finding comes back when its effect has grown by half.',
    analysed: (time: string) => `Analysed ${time}.`,
  },
  tooFewWeeks: {
    regionsAreComparedOver: (weeks: number, neededWeeks: number) =>
      `Regions are compared over 28 weeks. Visits from search engines were counted in ${weeks} of them; ${neededWeeks} are needed.`,
  },
} as const
