/**
 * Words that say nothing about a subject: articles, prepositions and the words of questions in the languages of most sites. A word
 * of another language is told apart by how many posts have it.
 */
const stopWords = new Set(
  `a an and are as at be best by can could did do does for from get has have how i in is it its me my of on or our should so that
  the their this to us was we what when where which who why will with would you your
  aber als am an auf aus bei das dem den der des die ein eine einen einer es für gegen hat ich im in ist kann man mein mit nach
  oder sich sind so soll und von vor wann warum was welche wer wie wir wird wo zu zum zur
  au aux avec ce ces comment dans de des du elle en est et il je la le les leur mais mon ne nous on ou où par pas pour pourquoi
  quand que quel quelle qui sa se ses son sont sur un une vous à
  al como con cuál cuando cuándo cómo de del donde dónde el en es la las lo los mi para por porque qué que quien se si sin su un una y
  che chi come con cosa da dei del della di dove e gli i il la le lo mio non per perché quale quando si sono un una è
  aan als bij dan dat de een en er het hoe ik in is kan maar met naar niet of om op te uit van voor waar waarom wat welke wie wij zijn
  ao as com como da das de do dos e em mais meu na no não o onde os ou para por porque qual quando que se sem sua um uma é`
    .split(/\s+/)
    .filter(Boolean),
)

const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' })
/** Characters of a text that are split into words. */
const maxLength = 100_000

/**
 * Splits a text into terms as the search index has them: words by the Unicode standard's boundaries (UAX 29), in lower case, without
 * stop words and common endings, so that "lawns" finds "lawn".
 */
export function termsOf(text: string): string[] {
  const terms: string[] = []
  for (const { segment, isWordLike } of segmenter.segment(text.slice(0, maxLength).normalize('NFKC'))) {
    if (isWordLike !== true) continue
    const word = segment.toLowerCase()
    if (!stopWords.has(word)) terms.push(stemOf(word))
  }
  return terms
}

/** Cuts one common ending of a plural or an inflection, if at least four characters are left. */
function stemOf(word: string): string {
  for (const ending of ['es', 'en', 'er', 's', 'n', 'e']) {
    if (word.endsWith(ending) && word.length - ending.length >= 4) return word.slice(0, -ending.length)
  }
  return word
}
