export type Language = {
  /** ISO 639-1. */
  code: string
  /** What its speakers call it. */
  endonym: string
  english: string
}

/**
 * The languages that a learner can have corrections explained in.
 *
 * First the ones that most learners of Czech speak, then the rest in the order of their own names.
 */
export const NATIVE_LANGUAGES: readonly Language[] = [
  { code: 'ru', endonym: 'Русский', english: 'Russian' },
  { code: 'uk', endonym: 'Українська', english: 'Ukrainian' },
  { code: 'en', endonym: 'English', english: 'English' },
  { code: 'pl', endonym: 'Polski', english: 'Polish' },
  { code: 'sk', endonym: 'Slovenčina', english: 'Slovak' },
  { code: 'vi', endonym: 'Tiếng Việt', english: 'Vietnamese' },
  { code: 'de', endonym: 'Deutsch', english: 'German' },
  { code: 'af', endonym: 'Afrikaans', english: 'Afrikaans' },
  { code: 'az', endonym: 'Azərbaycanca', english: 'Azerbaijani' },
  { code: 'id', endonym: 'Bahasa Indonesia', english: 'Indonesian' },
  { code: 'ms', endonym: 'Bahasa Melayu', english: 'Malay' },
  { code: 'bs', endonym: 'Bosanski', english: 'Bosnian' },
  { code: 'ca', endonym: 'Català', english: 'Catalan' },
  { code: 'da', endonym: 'Dansk', english: 'Danish' },
  { code: 'et', endonym: 'Eesti', english: 'Estonian' },
  { code: 'es', endonym: 'Español', english: 'Spanish' },
  { code: 'eu', endonym: 'Euskara', english: 'Basque' },
  { code: 'fr', endonym: 'Français', english: 'French' },
  { code: 'ga', endonym: 'Gaeilge', english: 'Irish' },
  { code: 'gl', endonym: 'Galego', english: 'Galician' },
  { code: 'ha', endonym: 'Hausa', english: 'Hausa' },
  { code: 'hr', endonym: 'Hrvatski', english: 'Croatian' },
  { code: 'is', endonym: 'Íslenska', english: 'Icelandic' },
  { code: 'it', endonym: 'Italiano', english: 'Italian' },
  { code: 'sw', endonym: 'Kiswahili', english: 'Swahili' },
  { code: 'lv', endonym: 'Latviešu', english: 'Latvian' },
  { code: 'lt', endonym: 'Lietuvių', english: 'Lithuanian' },
  { code: 'hu', endonym: 'Magyar', english: 'Hungarian' },
  { code: 'nl', endonym: 'Nederlands', english: 'Dutch' },
  { code: 'no', endonym: 'Norsk', english: 'Norwegian' },
  { code: 'uz', endonym: 'Oʻzbekcha', english: 'Uzbek' },
  { code: 'pt', endonym: 'Português', english: 'Portuguese' },
  { code: 'ro', endonym: 'Română', english: 'Romanian' },
  { code: 'sq', endonym: 'Shqip', english: 'Albanian' },
  { code: 'sl', endonym: 'Slovenščina', english: 'Slovene' },
  { code: 'so', endonym: 'Soomaali', english: 'Somali' },
  { code: 'fi', endonym: 'Suomi', english: 'Finnish' },
  { code: 'sv', endonym: 'Svenska', english: 'Swedish' },
  { code: 'tl', endonym: 'Tagalog', english: 'Tagalog' },
  { code: 'tr', endonym: 'Türkçe', english: 'Turkish' },
  { code: 'tk', endonym: 'Türkmençe', english: 'Turkmen' },
  { code: 'yo', endonym: 'Yorùbá', english: 'Yoruba' },
  { code: 'el', endonym: 'Ελληνικά', english: 'Greek' },
  { code: 'be', endonym: 'Беларуская', english: 'Belarusian' },
  { code: 'bg', endonym: 'Български', english: 'Bulgarian' },
  { code: 'ky', endonym: 'Кыргызча', english: 'Kyrgyz' },
  { code: 'kk', endonym: 'Қазақша', english: 'Kazakh' },
  { code: 'mk', endonym: 'Македонски', english: 'Macedonian' },
  { code: 'mn', endonym: 'Монгол', english: 'Mongolian' },
  { code: 'sr', endonym: 'Српски', english: 'Serbian' },
  { code: 'tg', endonym: 'Тоҷикӣ', english: 'Tajik' },
  { code: 'ka', endonym: 'ქართული', english: 'Georgian' },
  { code: 'hy', endonym: 'Հայերեն', english: 'Armenian' },
  { code: 'he', endonym: 'עברית', english: 'Hebrew' },
  { code: 'ur', endonym: 'اردو', english: 'Urdu' },
  { code: 'ar', endonym: 'العربية', english: 'Arabic' },
  { code: 'fa', endonym: 'فارسی', english: 'Persian' },
  { code: 'am', endonym: 'አማርኛ', english: 'Amharic' },
  { code: 'ne', endonym: 'नेपाली', english: 'Nepali' },
  { code: 'mr', endonym: 'मराठी', english: 'Marathi' },
  { code: 'hi', endonym: 'हिन्दी', english: 'Hindi' },
  { code: 'bn', endonym: 'বাংলা', english: 'Bengali' },
  { code: 'pa', endonym: 'ਪੰਜਾਬੀ', english: 'Punjabi' },
  { code: 'gu', endonym: 'ગુજરાતી', english: 'Gujarati' },
  { code: 'ta', endonym: 'தமிழ்', english: 'Tamil' },
  { code: 'te', endonym: 'తెలుగు', english: 'Telugu' },
  { code: 'kn', endonym: 'ಕನ್ನಡ', english: 'Kannada' },
  { code: 'ml', endonym: 'മലയാളം', english: 'Malayalam' },
  { code: 'si', endonym: 'සිංහල', english: 'Sinhala' },
  { code: 'th', endonym: 'ไทย', english: 'Thai' },
  { code: 'lo', endonym: 'ລາວ', english: 'Lao' },
  { code: 'my', endonym: 'မြန်မာ', english: 'Burmese' },
  { code: 'km', endonym: 'ខ្មែរ', english: 'Khmer' },
  { code: 'ko', endonym: '한국어', english: 'Korean' },
  { code: 'zh', endonym: '中文', english: 'Chinese' },
  { code: 'ja', endonym: '日本語', english: 'Japanese' },
]

/** Codes that clients still send for a language listed under another one. */
const ALIASES: Readonly<Record<string, string>> = {
  nb: 'no',
  nn: 'no',
  fil: 'tl',
  iw: 'he',
  in: 'id',
}

/** Finds a language by its code; a region or a script (`pt-BR`, `zh_Hans`) makes no difference. */
export function findLanguage(code: string): Language | undefined {
  const primary = code.trim().toLowerCase().split(/[-_]/)[0] ?? ''
  const listedCode = ALIASES[primary] ?? primary
  return NATIVE_LANGUAGES.find((language) => language.code === listedCode)
}
