import { Choices } from '../../components/choices.tsx'
import { consentLegend, consents } from '../../components/consent-choices.ts'
import { Field } from '../../components/field.tsx'
import { SiteAddDocument } from '../../generated/graphql.ts'
import { allSitesMessages } from '../../messages/all-sites-messages.ts'
import { sitePath } from '../../navigation/place.ts'
import { usePlace } from '../../navigation/use-place.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import { present } from '../../session/user-errors.ts'
import { useSubmit } from '../../session/use-submit.ts'

const texts = allSitesMessages.addSite

/** Registers a site without the plugin, for administrators. Its overview shows what to do next. */
export function AddSite() {
  const send = useSendToGraph()
  const { go } = usePlace()
  const { submit, problem, isBusy } = useSubmit(async (field) => {
    const consent = consents.find(({ value }) => value === field('consent'))?.value
    if (consent === undefined) throw new Error(texts.chooseConsent)
    const { siteAdd } = await send(SiteAddDocument, {
      input: {
        url: withScheme(field('url').trim()),
        consent,
        allowPrivateAddresses: field('private') === 'yes',
      },
    })
    go(sitePath(present(siteAdd.site).siteId))
  })
  return (
    <form class="fields add-site" aria-label={texts.title} onSubmit={submit}>
      <Field
        label={texts.address}
        name="url"
        type="text"
        autoComplete="url"
        maxLength={2000}
        hint={texts.addressHint}
        problem={problem}
      />
      <Choices legend={consentLegend} name="consent" choices={consents} chosen={null} />
      <fieldset class="choices">
        <legend>{texts.network}</legend>
        <label>
          <input type="checkbox" name="private" value="yes" />
          <span>
            {texts.isPrivate}
            <small>{texts.isPrivateHint}</small>
          </span>
        </label>
      </fieldset>
      <button type="submit" disabled={isBusy}>
        {texts.add}
      </button>
    </form>
  )
}

/** Returns an address as people type it as a URL. */
function withScheme(address: string): string {
  return /^[a-z][a-z\d+.-]*:\/\//i.test(address) ? address : `https://${address}`
}
