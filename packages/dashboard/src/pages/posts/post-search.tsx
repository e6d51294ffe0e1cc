import { messages } from '../../messages/messages.ts'
import { metricsByName } from '../../report/metric-names.ts'
import { useSubmit } from '../../session/use-submit.ts'
import { isMetric, type ListOrder, type ListPlace } from './list-place.ts'

interface PostSearchProps {
  readonly place: ListPlace
  readonly onPick: (place: ListPlace) => void
}

/** Finds posts by title or address, and orders them. */
export function PostSearch({ place, onPick }: PostSearchProps) {
  const { posts } = messages
  const first = { after: null, before: null, at: null }
  const { submit } = useSubmit(async (field) => onPick({ ...place, ...first, search: field('q').trim() }))
  return (
    <form class="post-search" role="search" onSubmit={submit}>
      <label>
        <span>{posts.search}</span>
        <input
          type="search"
          name="q"
          key={place.search}
          defaultValue={place.search}
          placeholder={posts.searchHint}
          maxLength={200}
        />
      </label>
      <button type="submit">{posts.find}</button>
      {place.search !== '' && (
        <button type="button" class="quiet" onClick={() => onPick({ ...place, ...first, search: '' })}>
          {posts.clear}
        </button>
      )}
      <label class="post-order">
        <span>{posts.order}</span>
        <select
          value={place.order}
          onChange={({ currentTarget: { value } }) =>
            onPick({ ...place, ...first, order: value as ListOrder, direction: 'DESC' })
          }
        >
          <optgroup label={posts.orderGroups.posts}>
            {Object.entries(posts.orders).map(([order, name]) => (
              <option key={order} value={order}>
                {name}
              </option>
            ))}
          </optgroup>
          <optgroup label={posts.orderGroups.metrics}>
            {[...metricsByName].map(([order, { label }]) => (
              <option key={order} value={order}>
                {label}
              </option>
            ))}
          </optgroup>
        </select>
      </label>
      {isMetric(place.order) && (
        <label>
          <span>{posts.direction}</span>
          <select
            name="direction"
            value={place.direction}
            onChange={({ currentTarget: { value } }) =>
              onPick({ ...place, ...first, direction: value === 'ASC' ? 'ASC' : 'DESC' })
            }
          >
            {Object.entries(posts.directions).map(([direction, name]) => (
              <option key={direction} value={direction}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
    </form>
  )
}
