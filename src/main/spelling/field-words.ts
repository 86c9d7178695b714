/** Words of demand letters that a general dictionary lacks: law, insurance, medicine. In small letters; their plurals and possessives are known with them. */
const law = `
  adjuster affiant antecedental assignor bates claimant codefendant compensatory conclusory counterclaimant counteroffer
  deponent duces ejusdem estoppel factfinder factual guarantor indemnitee indemnitor interpleader interrogatories
  interrogatory invitee jurat lienholder lis litigant mediator movant negligence nonparty nonsuit noneconomic obligee obligor
  offeree offeror pendens per plaintiff premises prejudgment postjudgment proximate quantum recission remittitur
  respondeat res ipsa loquitur sanctionable se spoliation stipulated subpoena subpoenaed subrogate subrogated subrogation
  subrogee subrogor sua sponte tecum tolled tolling tortfeasor tortious uninsured underinsured umpire venire voir dire
  waivable wherefore tortfeasors medpay copay copays coinsurance deductibles payor payors payee preexisting reinsurer
  rideshare unliquidated unpaid preauthorization lienor lienors`;
const medicine = `
  acetaminophen adl adls ambulation ambulatory amitriptyline annular antalgic anterolisthesis arthralgia arthritic
  arthroplasty arthroscopic arthroscopy atrophy avulsion axial bicipital bilaterally brachial bulge bupivacaine bursitis
  calcaneus cannula carpal cephalgia cervical cervicalgia cervicogenic chiropractor chiropractic clavicle coccyx comminuted
  comorbid comorbidity concussive contralateral contusion contusions costochondritis crepitus cyclobenzaprine debridement
  decompression degenerative dermatome dermatomal diagnostician diclofenac discectomy discogenic disc discs dorsiflexion
  dysesthesia ecchymosis edema electrodiagnostic electromyography electrostimulation emg epicondylitis epidural
  etiology extensor facet facets fibular flexion flexor fluoroscopic fluoroscopy foraminal foramen foraminotomy
  gabapentin glenohumeral glenoid gluteal hematoma herniate herniated herniation humerus hydrocodone hypertonic
  hypertonicity hypoesthesia hypolordosis ibuprofen iliac impingement incisional infraspinatus interbody interscapular
  intervertebral intraarticular ipsilateral ischemia kyphosis labral labrum laminectomy lateral ligamentous ligamentum
  lidocaine listhesis lordosis lumbago lumbar lumbosacral malleolus meloxicam meniscal meniscectomy menisci meniscus
  metacarpal metatarsal methocarbamol methylprednisolone microdiscectomy multilevel musculoskeletal myalgia myelopathy
  myofascial naproxen neuralgia neurologic neuropathic neuropathy neuropsychological neurosurgeon neurosurgical nsaid nsaids
  occipital opioid opioids orthopaedic orthopedic orthopedics orthopedist osteophyte osteophytes osteophytic oxycodone
  palpable palpation palpatory paracentral paralumbar paraspinal paresthesia paresthesias patella patellar patellofemoral
  periscapular peroneal phalanx physiatrist physiatry plantar podiatrist posterolateral postconcussive postoperative
  postoperatively posttraumatic prednisone preoperative prn proximal radicular radiculitis radiculopathy radiographic
  radiographs radiologist radius retrolisthesis rhomboid rotator sacral sacroiliac sacrum scapula scapular sciatica
  sequelae spasm spasms spinous splint spondylolisthesis spondylosis stenosis steroidal subacromial subluxation
  subscapularis supraspinatus sutured sutures synovitis tendinitis tendinopathy tendinosis tens thecal therapeutic thoracic
  thoracolumbar tibia tibial tinnitus tizanidine tramadol transforaminal trapezius trapezii traumatically triage trochanteric
  ulna ulnar ultrasonography unremarkable urgent venipuncture vertebra vertebrae vertebral vertigo whiplash`;

export const fieldWords: ReadonlySet<string> = new Set(`${law} ${medicine}`.trim().split(/\s+/));
