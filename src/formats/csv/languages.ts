/**
 * Words of each language by which its letters beyond ASCII are known: names, places and column headers as they occur in
 * people's files. Which letters surround a letter distinguishes one single-byte encoding from another.
 */

export interface Language {
  /** The encodings that people write it in, besides UTF-8. */
  encodings: readonly string[];
  words: string;
}

const western = ["windows-1252", "iso-8859-15", "macintosh", "cp850"];
const central = ["windows-1250", "iso-8859-2", "cp852", "maccenteuro"];
const cyrillic = ["windows-1251", "koi8-u", "iso-8859-5", "ibm866", "x-mac-cyrillic"];

export const languages: readonly Language[] = [
  {
    // French
    encodings: western,
    words: `prénom téléphone société adresse numéro référence département région qualité activité libellé intitulé
      catégorie quantité désignation modèle première dernière troisième deuxième quatrième cinquième année créé créée modifié
      supprimé reçu reçue français française françois françoise hélène élodie éric émilie andré rené renée zoé léa théo noé
      chloé inès anaïs loïc joël noël raphaël michaël gaëlle maëlle maël jérôme gérard gérald frédéric cédric sébastien
      stéphane stéphanie thérèse geneviève geneviève agnès mélanie mélissa amélie aurélie valérie véronique désirée
      béatrice dorothée léon léonie clément clémence cécile céline rémi rémy benoît agnès jérémy grégory gaël josé étienne
      hervé aimé aimée salomé barthélémy lefèvre lefébvre pélissier muñoz besançon orléans nîmes béziers sète évreux évry
      saint-étienne châteauroux châlons mâcon angoulême périgueux périgord grâce compiègne créteil fréjus montélimar
      valréas hyères nœud cœur sœur œuvre bœuf vœu œil île côté contrôle hôtel hôpital hôte tôt bientôt plutôt rôle dépôt
      août goût coût sûr dû où déjà voilà là à très près après dès procès succès accès progrès intérêt prêt forêt fête
      tête même être arrêt enquête conquête extrême suprême pêche évêque boîte maître connaître paraître naître plaît
      aîné gaîté château âge âgé tâche bâtiment bâtir pâtisserie théâtre câble grâce leçon façon garçon ça déçu aperçu
      commerçant glaçage naïf maïs haïti égoïste héroïne noël israël ambiguë aiguë élève étude école équipe église été
      état époque événement énergie économie écrire écouter États école à côté métier marché santé sécurité liberté égalité
      fraternité université propriété présent général médecin ingénieur régime système problème frère père mère mètre
      règle pièce rivière lumière carrière bière derrière entière particulière financière secrétaire propriétaire
      gérant créance échéance prélèvement règlement chèque espèces montant payé payée réglé facturé général privée
      l'été d'été réunion délégué délai dédié détail déclaré développement pépinière crémerie brûlé mûr tolède
      bénéfice médiathèque bibliothèque pharmacie thérapie café thé crêpe pâté rôti entrée légume fraîche
      abonné résilié résiliée inachevé refusé validé annulé terminé démarré échoué envoyé planifié n° 1er côte d'azur
      rhône-alpes île-de-france corrèze isère ardèche lozère haute-saône nièvre finistère bouches-du-rhône hérault ariège
      guérin géraud hébert héron étrangère mémo`,
  },
  {
    // German
    encodings: western,
    words: `straße größe gültig gültigkeit müller schröder schäfer köhler krüger böhm jäger könig günther günter jürgen jörg
      björn sören käthe bärbel münchen köln düsseldorf nürnberg würzburg lübeck göttingen tübingen zürich österreich
      österreicher württemberg thüringen fürth fürstenfeldbruck osnabrück saarbrücken mönchengladbach für über können
      möchte müssen würde hätte wäre später während nächste geschäft geschäftsführer geschäftsführung gebäude gebühr
      verfügung verfügbar übersicht änderung geändert gelöscht löschen schließen straße weiß heiß groß grüße fuß spaß maß
      außen außerdem gemäß strasse schön böse hören gehören führen prüfen prüfung rückgabe zurück stück glück brücke
      süd südwest grün blütenweg rößle öffnen öffentlich ökologie ärztin ärzte äpfel übung ähnlich natürlich persönlich
      jährlich täglich möglich höhe länge präsident qualität universität aktivität identität währung zählung erzähler
      vertrag beschäftigt bestätigung bestätigt großhandel einzelhändler händler kundenbetreuer geburtstag geschäftlich`,
  },
  {
    // Swedish, Finnish
    encodings: western,
    words: `förnamn efternamn företag företagsnamn gatuadress postnummer ort län kön född födelsedatum fält ändrad skapad
      överföring översikt år månad måndag lördag söndag åsa åke örjan östen märta märit göran jörgen sören björn torbjörn
      håkan mårten måns pär pål lars-åke håkansson åkesson åberg öberg öhman sjöberg sjöström sjögren lindström nordström
      bergström söderberg söderström björk björklund lövgren hägg hägglund nyström åström ekström hellström malmström
      göteborg malmö örebro västerås linköping norrköping jönköping umeå luleå piteå skellefteå gävle borås växjö
      östersund södertälje täby mölndal skövde trollhättan värnamo ängelholm höganäs åmål åre stångå nyköping lidköping
      enköping köping söderköping väg vägen gården gård ålder åtgärd möte något några från på så då när där är här och för
      före efter över under själv också även måste göra gör kör hör rör höra röra öppen öppet stänga stängd sök söka
      försäljning säljare köpare köp köpt pris belopp räkning betalning betald obetald förfallen läge härnösand särskild
      nödvändig tillgänglig färdig vänlig hälsning hej då småland skåne västra götaland östergötland södermanland
      blå grå små två åtta hämta lämna använda användare lösenord rättighet språk svår hård hår får går står läs läsa
      pää hämäläinen mäkinen järvinen jyväskylä hämeenlinna lämpötila päivä pöytä työ yö käyttäjä äiti isä töölö kylä`,
  },
  {
    // Danish, Norwegian
    encodings: western,
    words: `søren jørgen bjørn bjørg gøran rønne ågot åse øystein øyvind ærø østergaard sørensen jørgensen pedersen mølgaard
      møller nørgaard nørgård søndergaard bækgård kjær kær hækkerup københavn århus aalborg næstved køge hillerød helsingør
      tromsø bodø ålesund bærum lillestrøm grünerløkka gjøvik sørøst tønsberg ørsted færøerne svendborg rødovre gladsaxe
      gade vej værdi værelse være været også når må på så først første større større køb køber sælger løn bør gør hør
      følge følgende mødt møde før efter året år måned mandag lørdag søndag ændring ændret oprettet bestyrelse næste
      tilgængelig språk språket løsning høyre høy grønn blå rød skjønn sjøen øst vestfold trøndelag møre råd gård gården`,
  },
  {
    // Spanish, Portuguese, Italian, Catalan
    encodings: western,
    words: `teléfono dirección código población país razón número año años compañía categoría descripción observación
      información teléfonos móvil correo electrónico fecha creación sección región administración atención peña muñoz
      núñez ibáñez gonzález garcía martínez lópez rodríguez hernández fernández pérez sánchez gómez díaz jiménez álvarez
      gutiérrez vázquez domínguez suárez ramírez josé maría jesús ángel óscar iván raúl joaquín sebastián adrián martín
      andrés tomás nicolás mónica verónica sofía lucía andalucía málaga cádiz córdoba jaén almería león ávila cáceres
      coruña españa español méxico bogotá perú panamá también está están más sí qué cómo dónde cuándo según después
      razón niño señor señora señorita mañana pequeño baño leño ¿qué ¡hola pingüino vergüenza lingüística
      endereço número bairro código município são joão josé antónio antônio conceição gonçalves araújo simões guimarães
      magalhães brandão não então irmão pão mãe mães ações opções informações funções situação condição observações
      descrição preço serviço espaço português três mês inglês você também já está até avó avô câmara âmbito página
      país saída baú açúcar maçã amanhã irmã brasília goiânia florianópolis paraná ceará maranhão piauí amapá cuiabá
      città società attività qualità quantità università possibilità età metà però può più già così è perché poiché caffè
      niccolò mercoledì giovedì venerdì lunedì forlì cefalù nicolò è cioè libertà novità varietà proprietà verità
      català barcelonès català núria jordà pagès cafè raó adreça plaça província façana març qüestió`,
  },
  {
    // Dutch, Icelandic and what English borrows
    encodings: western,
    words: `coördinator reünie ruïne zoë financiën geïnteresseerd patiënt efficiënt knieën één vóór café résumé naïve
      façade fiancée jalapeño belgië italië australië beëindigd gecreëerd geïmporteerd categorieën
      reykjavík þór þóra guðrún guðmundur sigurður björk jón ólafur ísland akureyri hafnarfjörður íslensk það við með`,
  },
  {
    // Polish
    encodings: central,
    words: `imię nazwisko województwo miejscowość powiat ulica numer kod pocztowy telefon łódź kraków gdańsk poznań wrocław
      białystok częstochowa rzeszów toruń bydgoszcz zielona góra małopolskie wielkopolskie śląskie łódzkie świętokrzyskie
      warmińsko podkarpackie dąbrowa górnicza chorzów zamość płock elbląg wałbrzych włocławek tarnów nowy sącz jastrzębie
      michał paweł łukasz rafał stanisław władysław mirosław jarosław przemysław wiesław bolesław małgorzata elżbieta
      grażyna bożena żaneta józef józefa mikołaj błażej kowalczyk wójcik wiśniewski wiśniewska lewandowski dąbrowski
      dąbrowska kozłowski kozłowska jabłoński wróbel pawłowski michalski król wieczorek jabłońska majewska olszewska
      stępień malinowska górski rutkowski ostrowski jasiński szymański woźniak kaźmierczak zawadzki zieliński wysocki
      czerwiński kołodziej spółka zarząd sprzedaż należność płatność wartość ilość cenę opłata zapłacono miesiąc
      styczeń luty marzec kwiecień czerwiec sierpień wrzesień październik grudzień poniedziałek środa piątek święta
      się jest są być może można nie więc także również będzie będą który którzy którą które że że już żeby
      człowiek życie świat praca dzień rozwiązanie zamówienie zamówień usługa źródło źle łatwo łączna ćwiczenie
      społeczność działalność właściciel uprawnień pięć dziewięć dziesięć sześć osób głowa główny ogłoszenie ważny
      użytkownik hasło zażółć gęślą jaźń książka ósmy późno możliwość ogółem śr. ścieżka ślusarz ćma`,
  },
  {
    // Czech, Slovak
    encodings: central,
    words: `jméno příjmení ulice město psč země česká česko republika telefon číslo popisné poštovní směrovací datum narození
      vytvořeno změněno společnost ičo dič částka množství označení poznámka přehled měsíc únor březen květen červen
      červenec září říjen pondělí úterý středa čtvrtek pátek praha plzeň brno liberec české budějovice hradec králové ústí
      nad labem třebíč kroměříž břeclav přerov olomouc zlín jihlava znojmo děčín chomutov kladno mladá boleslav příbram
      jiří jiřina tomáš lukáš ondřej vojtěch matěj štěpán václav františek jaroslav zdeněk luboš miloš tomáš šárka
      kateřina markéta eliška tereza alžběta růžena božena zdeňka věra novák nováková dvořák dvořáková černý černá
      procházka kučera kučerová veselý horák němec němcová pokorný marešová pospíšil hájek hájková jelínek král růžička
      beneš fiala sedláček doležal zeman kolář navrátil čermák vaněk urban blažek kříž kovář bartoš vlček musil šimek
      kůň dům stůl můj váš náš než že aby když také není být byl jsem který která které při před přes příklad řešení
      žádost žena život žádný žluťoučký ďábelské ódy šťastný řeka pěkný děkuji těší svět člověk několik důležitý
      zákazník výrobek cena příjem účet účetní údaje uživatel heslo objednávka faktura zaplaceno
      meno priezvisko adresa mesto ulica krajina slovensko slovenská bratislava košice žilina prešov nitra trnava
      ľudovít ľubomír ľuboš dĺžka mĺkvy vŕba kôň stôl môj nôž päť pamäť mäso žiť deň ťažký ďakujem veľmi výška šírka
      spoločnosť činnosť možnosť zákazník žiadosť účtovníctvo`,
  },
  {
    // Hungarian
    encodings: central,
    words: `név vezetéknév keresztnév cím irányítószám város utca házszám telefonszám ország születési idő dátum összeg
      mennyiség megjegyzés kapcsolattartó ügyfél cég cégnév adószám bankszámla győr pécs székesfehérvár nyíregyháza
      kecskemét szombathely veszprém békéscsaba hódmezővásárhely szeged debrecen kőszeg sopron eger érd tatabánya
      józsef istván lászló zoltán ferenc sándor gábor györgy péter tamás attila andrás árpád ákos ádám bálint dénes
      erzsébet éva ágnes mária anikó ildikó katalin zsófia réka tünde emőke csöngő nagy kovács tóth szabó horváth
      varga kiss molnár németh farkas balogh papp takács juhász lakatos mészáros oláh simon rácz fekete szűcs
      hegedűs kőműves gyűjtő gyűjtemény egyszerű különböző működés működő erő erős idő időpont jövő következő utolsó
      első második szerű fő fűtés tőke könyv könyvelő költség közép között központ örök ötven öt több köszönöm
      üzlet üdvözlettel ünnep és is nem hogy egy még már vagy csak után előtt ő őket ők belül kívül szükséges új régi`,
  },
  {
    // Croatian, Slovene, Romanian
    encodings: central,
    words: `župan županija općina grad država ulica broj pošte poštanski tvrtka žiro račun račun iznos količina
      šibenik čakovec požega križevci đakovo karlovac osijek varaždin šime željko željka živko đuro đurđica ančica
      marčeta kovačević horvat babić marić jurić novaković knežević vuković marković petrović matić tomić pavlović
      božić kovačič zupančič krajnc potočnik golob kočevje črnomelj škofja loka šempeter žalec mežica ljubljana naročilo
      sluţbă județ judeţ oraş localitate bucureşti timişoara braşov constanţa iaşi galaţi ploieşti piteşti târgu mureş
      bacău brăila buzău călăraşi sălaj vâlcea bistriţa năsăud ionuţ mădălina cătălin răzvan ştefan ştefania ţepeş
      gheorghiţă niţă stănescu rădulescu dănilă întreprindere în şi că să două după fără până către câte română
      societăţii preţ cantitate observaţii număr telefon adresă strada însă însăşi vânzări român înregistrat`,
  },
  {
    // Turkish
    encodings: ["windows-1254"],
    words: `adı soyadı telefon numarası şehir ilçe açıklama müşteri ürün sipariş tarih doğum cinsiyet kadın öğrenci öğretmen
      istanbul izmir eskişehir diyarbakır şanlıurfa kahramanmaraş çanakkale muğla balıkesir niğde iğdır ağrı muş kırşehir
      kırıkkale nevşehir çorum tekirdağ zonguldak aydın elazığ uşak ığdır ayşe ömer çağla gökhan oğuz oğuzhan barış yiğit
      şükrü hüseyin hülya gülşen işıl ışık yıldız yılmaz öztürk çelik şahin yıldırım özdemir arslan doğan kılıç aslan
      çetin koç kurt özkan şimşek güneş bulut güler aydoğan tuğba tuğçe çiğdem özge gülay kadıköy beşiktaş üsküdar şişli
      bağcılar güngören değer değil için ve bir bu şu çok daha sonra önce olduğu olduğunu açık kapalı büyük küçük
      yeni güncel İstanbul İzmir İsmail İbrahim İçel İlçe`,
  },
  {
    // Lithuanian, Latvian, Estonian
    encodings: ["windows-1257", "iso-8859-13"],
    words: `vardas pavardė įmonė įmonės gatvė miestas šalis pašto kodas elektroninis paštas gimimo data šiauliai panevėžys
      klaipėda alytus marijampolė utena mažeikiai kėdainiai plungė tauragė telšiai ukmergė rokiškis gargždai ąžuolas
      žydrūnas žilvinas vytautas mindaugas gediminas šarūnas rūta jūratė birutė aistė giedrė eglė živilė kęstutis
      petrauskienė kazlauskienė jankauskaitė stankevičius paulauskas žukauskas butkus urbonas bendrovė sąskaita suma kiekis
      ūkis ūkininkas žmogus žodis dėl į iš už prie yra būti buvo galėti taip pat
      vārds uzvārds uzņēmums pilsēta iela tālrunis pasts kods rīga jūrmala liepāja rēzekne jēkabpils jānis pēteris kārlis
      mārtiņš kristīne ilze ieviņa bērziņš kalniņš ozoliņš liepiņš krūmiņš šķēle ķegums ģirts ļoti vēl jūs mūsu lūdzu
      perekonnimi ettevõte tänav linn pärnu põlva võru õunpuu jõgi mägi tõnu jüri ülle mõned või õpetaja töö küla`,
  },
  {
    // Russian, Ukrainian, Bulgarian
    encodings: cyrillic,
    words: `имя фамилия отчество телефон адрес город улица дом индекс страна область район почта электронная компания
      организация должность дата рождения примечание количество сумма цена название наименование номер заказ клиент
      статус источник менеджер комментарий москва санкт-петербург новосибирск екатеринбург казань нижний новгород
      челябинск самара омск ростов уфа красноярск воронеж пермь волгоград краснодар саратов тюмень иванов иванова петров
      петрова сидоров смирнов кузнецов попов васильев соколов михайлов новиков фёдоров морозов волков алексеев лебедев
      семёнов егоров павлов козлов степанов николаев орлов андреев макаров никитин захаров александр алексей андрей анна
      антон артём борис вадим валентин виктор виктория владимир галина дмитрий евгений екатерина елена иван игорь
      ирина кирилл константин ксения людмила максим марина мария михаил надежда наталья никита николай олег ольга павел
      роман светлана сергей татьяна юлия юрий общество с ограниченной ответственностью и в не на что он как это все
      она так его но да ты к у же вы за бы по только ее мне было вот от меня еще нет о из ему теперь когда даже ну
      вдруг ли если уже или ни быть был него до вас нибудь опять уж вам ведь там потом себя ничего ей может они тут
      где есть надо ней для мы тебя их чем была сам чтоб без будто чего раз тоже себе под будет
      ім'я прізвище місто вулиця київ львів харків одеса дніпро запоріжжя чернівці україна її він є і їх
      йосип олексій сергій андрій юрій наталія ґанок
      име фамилия град улица държава българия софия пловдив варна бургас русе георги димитър стоян йордан ангел`,
  },
  {
    // Greek
    encodings: ["windows-1253", "iso-8859-7"],
    words: `όνομα επώνυμο ονοματεπώνυμο τηλέφωνο διεύθυνση πόλη χώρα κωδικός ταχυδρομικός οδός αριθμός εταιρεία ημερομηνία
      γέννησης ποσό ποσότητα τιμή σημειώσεις περιγραφή αθήνα θεσσαλονίκη πάτρα ηράκλειο λάρισα βόλος ιωάννινα χανιά ρόδος
      γεώργιος γιώργος δημήτρης ιωάννης γιάννης κωνσταντίνος κώστας νικόλαος νίκος παναγιώτης μαρία ελένη αικατερίνη
      βασιλική σοφία παπαδόπουλος παπαδοπούλου γεωργίου δημητρίου νικολάου αντωνίου και το η της του με για από που στην
      είναι δεν θα να τα οι των στο ένα μια αυτό όπως πολύ μας σας τους κάθε πρέπει μπορεί ελλάδα ύψος ώρα ήταν έχει`,
  },
  {
    // Hebrew
    encodings: ["windows-1255"],
    words: `שם פרטי משפחה טלפון נייד כתובת עיר רחוב מיקוד דואר אלקטרוני חברה תאריך לידה הערות כמות סכום מחיר ירושלים תל אביב
      חיפה באר שבע כהן לוי מזרחי פרץ ביטון דהן אברהם פרידמן יוסף משה דוד שרה רחל לאה מרים של את על לא הוא זה עם כל גם יש`,
  },
  {
    // Arabic
    encodings: ["windows-1256"],
    words: `الاسم اللقب العائلة الهاتف الجوال العنوان المدينة البلد الشركة تاريخ الميلاد البريد الإلكتروني ملاحظات الكمية السعر
      محمد أحمد علي حسن حسين عبد الله عبدالرحمن فاطمة خالد سعيد يوسف إبراهيم القاهرة الرياض جدة دبي بغداد في من على إلى أن
      هذا التي الذي كان ما عن مع لا هو كل بعد غير بين`,
  },
  {
    // Thai
    encodings: ["windows-874"],
    words: `ชื่อ นามสกุล โทรศัพท์ ที่อยู่ จังหวัด อำเภอ ตำบล รหัสไปรษณีย์ บริษัท จำกัด อีเมล วันที่ เกิด หมายเหตุ จำนวน ราคา
      กรุงเทพมหานคร เชียงใหม่ ภูเก็ต สมชาย สมศักดิ์ ประเสริฐ ที่ และ ใน ของ เป็น ได้ มี ให้ ไม่ การ ความ จาก`,
  },
];
