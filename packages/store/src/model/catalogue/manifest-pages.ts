/** SQL of whether peers could help a view, and the view could help them, over a row of `snapshots`. */
export const couldGive = "has_delivery AND arm = 'assisted'"
