/** Sources that files are fetched from, in Swedish. */
export const sources = {
  'There is no importer "{0}".': "Det finns ingen importör ”{0}”.",
  'The importer "{0}" has other context values than the source was made with. Make the source anew.':
    "Importören ”{0}” har andra kontextvärden än när källan skapades. Skapa källan på nytt.",
  "{0} is larger than {1} bytes, which is the limit. An operator can raise SLUICE_UPLOAD_MAX_BYTES.":
    "{0} är större än gränsen på {1} byte. En administratör kan höja SLUICE_UPLOAD_MAX_BYTES.",
  "The file has changed, or another worker has taken it in. It is looked at again.":
    "Filen har ändrats, eller så har en annan process redan hämtat den. Den kontrolleras igen.",
  "The source has no file {0}.": "Källan har ingen fil {0}.",
  "The file is being fetched, or has an import: cancel or undo that one, and the file can be fetched again.":
    "Filen håller på att hämtas eller har en import: avbryt eller ångra den, så kan filen hämtas igen.",
  'There is a source called "{0}" already. Choose another name.':
    "Det finns redan en källa som heter ”{0}”. Välj ett annat namn.",
  "There is no source {0}, or it is not yours.": "Det finns ingen källa {0}, eller så är den inte din.",
  "{0} is in no folder that sources may be in. An operator can name one by SLUICE_SOURCE_FOLDERS, or put the source into the config.":
    "{0} ligger inte i någon mapp där källor får finnas. En administratör kan ange en i SLUICE_SOURCE_FOLDERS, eller lägga källan i konfigurationen.",
  "{0} is no folder.": "{0} är ingen mapp.",
  "{0} is not there any more.": "{0} finns inte längre.",
  "{0} cannot be moved: {1} has another file that is called {2}.":
    "{0} kan inte flyttas: i {1} finns en annan fil som heter {2}.",
  "It is no file any more.": "Det är inte längre någon fil.",
  "{0} is not there.": "{0} finns inte.",
  "{0} is a link, which a source does not follow.": "{0} är en länk, och en källa följer inga länkar.",
  "{0}: the account that Sluice runs as may not do this ({1}).":
    "{0}: kontot som Sluice körs under får inte göra detta ({1}).",
  "{0} cannot be read: {1}.": "{0} kan inte läsas: {1}.",
  '{0} does not let "{1}" in. Check the user and the password.':
    "{0} släpper inte in ”{1}”. Kontrollera användaren och lösenordet.",
  "The certificate of {0} is not the one of the source: its fingerprint is {1}. Ask who runs the host whether it has changed before you enter another: somebody may pretend to be it.":
    "Certifikatet för {0} är inte det som källan har: dess fingeravtryck är {1}. Fråga den som sköter servern om det har bytts innan du anger ett annat: någon kan utge sig för att vara den.",
  "Nobody vouches for the certificate of {0} ({1}). Give its fingerprint as `hostFingerprint`, once you have compared it with whoever runs the host.":
    "Ingen går i god för certifikatet för {0} ({1}). Ange dess fingeravtryck som `hostFingerprint` när du har jämfört det med den som sköter servern.",
  "{0}: the host refuses it ({1}).": "{0}: servern nekar ({1}).",
  '{0}: the host cannot be reached, or says "{1}".': "{0}: servern kan inte nås, eller svarar ”{1}”.",
  "{0}: the store refuses the source's keys ({1}).": "{0}: lagringen godtar inte källans nycklar ({1}).",
  "{0}: the store does not have it ({1}).": "{0}: finns inte i lagringen ({1}).",
  '{0}: the store says "{1}".': "{0}: lagringen svarar ”{1}”.",
  'There is no time zone "{0}". Write it as Europe/Paris, or UTC.':
    "Det finns ingen tidszon ”{0}”. Skriv den som Europe/Paris, eller UTC.",
  '"{0}" is no schedule. Write cron\'s five fields, minute, hour, day, month, weekday: "0 6 * * 1-5" is six o\'clock on weekdays; or @hourly, @daily, @weekly, @monthly.':
    "”{0}” är inget schema. Skriv crons fem fält, minut, timme, dag, månad, veckodag: ”0 6 * * 1-5” är klockan sex på vardagar; eller @hourly, @daily, @weekly, @monthly.",
  'The schedule "{0}" never comes: no such day is in the calendar.':
    "Schemat ”{0}” inträffar aldrig: dagen finns inte i kalendern.",
  "Passwords and keys of sources are kept encrypted, and there is no key to encrypt them with. An operator has to set SLUICE_SECRETS_KEY, or put the source into the config.":
    "Källors lösenord och nycklar sparas krypterade, och det finns ingen nyckel att kryptera dem med. En administratör måste sätta SLUICE_SECRETS_KEY, eller lägga källan i konfigurationen.",
  "The source's password or key cannot be decrypted: SLUICE_SECRETS_KEY is another than when it was entered. Enter it again.":
    "Källans lösenord eller nyckel kan inte dekrypteras: SLUICE_SECRETS_KEY är en annan än när det angavs. Ange det igen.",
  "The key of {0} is not the one of the source: its fingerprint is {1}. Ask who runs the host whether its key has changed before you enter another: somebody may pretend to be it.":
    "Nyckeln för {0} är inte den som källan har: dess fingeravtryck är {1}. Fråga den som sköter servern om nyckeln har bytts innan du anger en annan: någon kan utge sig för att vara den.",
  '{0} does not let "{1}" in. Check the user, and the password or key.':
    "{0} släpper inte in ”{1}”. Kontrollera användaren och lösenordet eller nyckeln.",
  "The private key of the source cannot be read: {0}.": "Källans privata nyckel kan inte läsas: {0}.",
  "{0} cannot be reached on port {1}: {2}.": "{0} kan inte nås på port {1}: {2}.",
  "The host has no {0}.": "Servern har ingen {0}.",
  "{0}: the host does not permit this to the source's user.": "{0}: servern tillåter inte detta för källans användare.",
  '{0}: the host says "{1}".': "{0}: servern svarar ”{1}”.",
  "{0} redirects more than {1} times.": "{0} omdirigerar mer än {1} gånger.",
  "{0} cannot be reached: {1}.": "{0} kan inte nås: {1}.",
  "{0} has sent nothing for {1} seconds.": "{0} har inte skickat något på {1} sekunder.",
  "{0} answers with the status {1}.": "{0} svarar med status {1}.",
  "{0} answers with the status {1} instead of the file. Check the URL and its headers.":
    "{0} svarar med status {1} i stället för filen. Kontrollera URL:en och dess huvuden.",
  'The path of a folder begins with a slash: "{0}" does not.':
    "Sökvägen till en mapp börjar med ett snedstreck: det gör inte ”{0}”.",
  "The source needs an `accessKeyId` and a `secretAccessKey`.":
    "Källan behöver ett `accessKeyId` och en `secretAccessKey`.",
  'The source "{0}" is in the server\'s config, which alone changes it. It can be run and paused here.':
    "Källan ”{0}” ligger i serverns konfiguration, och bara där kan den ändras. Här kan den köras och pausas.",
  "This server fetches from no sources.": "Den här servern hämtar inte från några källor.",
  'The source "{0}" cannot be as it is. {1}: {2}': "Källan ”{0}” går inte att spara så här. {1}: {2}",
  '"{0}" fits no name: names have no slash. * is any text, ? any character.':
    "”{0}” passar inget namn: namn har inga snedstreck. * är vilken text som helst, ? ett tecken.",
  "It is too long.": "Det är för långt.",
  "It must look as ssh-keygen -lf prints it: SHA256: and 43 characters.":
    "Skriv det som ssh-keygen -lf visar det: SHA256: och 43 tecken.",
  "It needs a `password` or a `privateKey`.":
    "Det behövs ett lösenord (`password`) eller en privat nyckel (`privateKey`).",
  "It must be the SHA-256 of the host's certificate: 64 hexadecimal digits.":
    "Ange SHA-256 för serverns certifikat: 64 hexadecimala siffror.",
  "Without TLS there is no certificate, so it cannot be compared. Leave it out.":
    "Utan TLS finns inget certifikat att jämföra med. Lämna det tomt.",
  "It has a line break.": "Det innehåller en radbrytning.",
  "They must be headers of HTTP with their values.": "Ange HTTP-huvuden med sina värden.",
  'It must be "keep": nothing can be moved or deleted at a URL.':
    "Bara ”keep” går: på en URL kan inget flyttas eller tas bort.",
  "It must be the name of a folder beside the files, without a slash.":
    "Ange namnet på en mapp bredvid filerna, utan snedstreck.",
};
