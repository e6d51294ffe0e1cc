import { count, figure, number, realFigure } from './metric.ts'

/** The number of views. Every report query has it, because rows are ordered by it. */
export const viewCount = figure('view_count', '1')

/** How many views there were. */
export const views = {
  views: count({
    label: 'Views',
    unit: 'views',
    description: 'Views that were measured.',
    figure: viewCount,
  }),
  estimatedViews: number({
    label: 'Estimated views',
    unit: 'views',
    description: 'Views there would be if every session was measured: each counts 1 ÷ its sampling.',
    figure: realFigure('estimated_views', '1 / sampling'),
  }),
}
